import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { ConfigError } from "./config.ts";
import { loadEnvFile } from "./load-env-file.ts";

async function load(text: string, env: NodeJS.ProcessEnv = {}) {
  const folder = await mkdtemp(join(tmpdir(), "doorbuster-env-"));
  try {
    await writeFile(join(folder, ".env"), text);
    return { warnings: loadEnvFile(env, join(folder, ".env")), env };
  } finally {
    await rm(folder, { recursive: true });
  }
}

describe("loadEnvFile", () => {
  it("leaves alone what is set already, and needs no file", async () => {
    const { env } = await load("PORT=1\nHOST=::1\nNODE_ENV=production", { PORT: "2", LOG_LEVEL: "", NODE_ENV: "" });
    expect(env).toEqual({ PORT: "2", HOST: "::1", LOG_LEVEL: "", NODE_ENV: "production" });
    expect(loadEnvFile({}, "/nowhere/.env")).toEqual([]);
  });

  it.each([
    "DATABSE_URL",
    "NODE_EVN",
    "node_env",
    "TRUST_PROXI",
    "TRUST_PROXIES",
    "LIMIT_READS_PER_SEC",
    "LIMIT_PURCHASE_PER_SECOND",
    "PUBLIC_URI",
    "PROT",
    "ROLE",
    "HOSTS",
    "WAREHOUSE_SECRET_PREV",
  ])("ends the start for %s in the file, and warns of it in the environment", async (name) => {
    await expect(load(`${name}=x`)).rejects.toThrow(ConfigError);
    const { warnings } = await load("", { [name]: "x" });
    expect(warnings).toEqual([
      expect.stringMatching(new RegExp(`^"${name}" in the environment is not read: is \\w+ meant\\?$`)),
    ]);
  });

  it("warns of names in the file that nobody reads, and not of compose's", async () => {
    const { warnings } = await load("TZ=UTC\nPOSTGRES_PASSWORD=x\nCOMPOSE_PROJECT_NAME=x");
    expect(warnings).toEqual(["TZ in .env is no setting of the shop."]);
  });

  it("knows every name that is usual in an environment for another's", async () => {
    const usual =
      "PATH HOME HOSTNAME HOSTTYPE PWD OLDPWD SHELL TERM USER LANG NODE_PATH NODE_OPTIONS DATABASE_URL_2 PORT_2 TZ";
    const ofKubernetes =
      "WAREHOUSE_SERVICE_HOST WAREHOUSE_SERVICE_PORT WAREHOUSE_PORT_3002_TCP WAREHOUSE_PORT_3002_TCP_ADDR SHOP_PORT";
    const names = `${usual} ${ofKubernetes}`.split(" ");
    const { warnings } = await load("", Object.fromEntries(names.map((name) => [name, "x"])));
    expect(warnings).toEqual(['"DATABASE_URL_2" in the environment is not read: is DATABASE_URL meant?']);
  });

  it("warns of a name with blanks around it, which cannot be seen", async () => {
    const { warnings } = await load("", { "PORT ": "3110" });
    expect(warnings).toEqual(['"PORT " in the environment is not read: is PORT meant?']);
  });
});

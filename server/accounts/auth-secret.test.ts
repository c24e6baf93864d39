import { mkdtemp, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it } from "vitest";
import { ConfigError } from "../settings/config.ts";
import { authSecret } from "./auth-secret.ts";

async function temporaryFolder() {
  const path = await mkdtemp(join(tmpdir(), "doorbuster-secret-"));
  return { path, [Symbol.asyncDispose]: () => rm(path, { recursive: true, force: true }) };
}

it("is made once, for this user's eyes only, and kept", async () => {
  await using folder = await temporaryFolder();
  const dataDir = join(folder.path, "data");
  const made = await Promise.all(Array.from({ length: 5 }, () => authSecret({ authSecret: undefined, dataDir })));
  expect(new Set(made).size).toBe(1);
  expect(made[0]?.length).toBeGreaterThanOrEqual(43);
  expect((await stat(join(dataDir, "auth-secret"))).mode & 0o777).toBe(0o600);
  expect(await authSecret({ authSecret: undefined, dataDir })).toBe(made[0]);
});

it("is the configured one where there is one, and then nothing is written", async () => {
  await using folder = await temporaryFolder();
  expect(await authSecret({ authSecret: "configured", dataDir: folder.path })).toBe("configured");
  await expect(readFile(join(folder.path, "auth-secret"))).rejects.toThrow("ENOENT");
});

it("is not taken from a file that holds none", async () => {
  await using folder = await temporaryFolder();
  await writeFile(join(folder.path, "auth-secret"), "\n");
  await expect(authSecret({ authSecret: undefined, dataDir: folder.path })).rejects.toThrow(ConfigError);
});

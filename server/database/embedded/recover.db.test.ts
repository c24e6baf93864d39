import { spawn } from "node:child_process";
import { cp, mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { eventually } from "../../testing/eventually.ts";
import { ask, killPostmaster, processesIn, startInChild, temporaryFolder } from "./embedded.fixture.ts";
import { EmbeddedError } from "./embedded-error.ts";
import { isAlive, pidFile, readPostmaster } from "./postmaster-state.ts";
import { chooseServiceUser } from "./service-user.ts";
import { startEmbedded } from "./start-embedded.ts";

test("a server that a killed process left behind is adopted, with its data", async () => {
  await using folder = await temporaryFolder("a cluster");
  await using child = startInChild({ dataDir: folder.path });
  const { url } = await child.report("started");
  await ask(url, "create table kept as select 42 as answer");
  await child.kill();
  const server = await startEmbedded({ dataDir: folder.path });
  expect(server.origin).toBe("adopted");
  expect(await ask(server.url, "select answer from kept")).toBe(42);
  expect(await server.release()).toBe("stopped");
  expect(await processesIn(folder.path)).toEqual([]);
});

test("Ctrl-C in the terminal does not reach the server", async () => {
  await using folder = await temporaryFolder("a cluster");
  await using child = startInChild({ dataDir: folder.path });
  const { url } = await child.report("started");
  process.kill(-child.pid, "SIGINT");
  await eventually("the child has ended", async () => !isAlive(child.pid));
  expect(await ask(url, "select 1")).toBe(1);
});

test("a killed server is started again and has every committed row", async () => {
  await using folder = await temporaryFolder("a cluster");
  const server = await startEmbedded({ dataDir: folder.path });
  await ask(server.url, "create table kept (answer int)", "insert into kept values (42)");
  await killPostmaster(server.dataDirectory);
  const said: string[] = [];
  const again = await startEmbedded({ dataDir: folder.path, onProgress: (sentence) => said.push(sentence) });
  expect(again.origin).toBe("started");
  expect(again.port).toBe(server.port);
  expect(await ask(again.url, "select answer from kept")).toBe(42);
  expect(await readFile(join(folder.path, "postgres.log"), "utf8")).toContain("automatic recovery in progress");
});

test("a server process that outlives the killed server for a while is waited for", async () => {
  await using folder = await temporaryFolder("a cluster");
  const server = await startEmbedded({ dataDir: folder.path });
  // A stopped process cannot notice that its server is gone, and keeps the shared memory in use.
  const orphan = Number(await ask(server.url, "select pid from pg_stat_activity where backend_type = 'checkpointer'"));
  process.kill(orphan, "SIGSTOP");
  await killPostmaster(server.dataDirectory);
  const starting = startEmbedded({ dataDir: folder.path });
  const log = join(folder.path, "postgres.log");
  await eventually("a start was refused", async () =>
    (await readFile(log, "utf8")).includes("pre-existing shared memory"),
  );
  process.kill(orphan, "SIGCONT");
  expect(await ask((await starting).url, "select 1")).toBe(1);
});

test("a process id file whose id another program has by now does not keep the server from starting", async () => {
  await using folder = await temporaryFolder("a cluster");
  const server = await startEmbedded({ dataDir: folder.path });
  await ask(server.url, "create table kept as select 42 as answer");
  await killPostmaster(server.dataDirectory);
  const user = await chooseServiceUser(server.dataDirectory);
  const stranger = spawn("sleep", ["60"], {
    cwd: "/",
    ...(user === undefined ? {} : { uid: user.uid, gid: user.gid }),
  });
  try {
    const lines = (await readFile(pidFile(server.dataDirectory), "utf8")).split("\n");
    await writeFile(pidFile(server.dataDirectory), [String(stranger.pid), ...lines.slice(1)].join("\n"));
    const again = await startEmbedded({ dataDir: folder.path });
    expect(again.origin).toBe("started");
    expect(await ask(again.url, "select answer from kept")).toBe(42);
    expect([await server.release(), await again.release()]).toEqual(["left running", "stopped"]);
    expect(stranger.exitCode).toBeNull();
  } finally {
    stranger.kill();
  }
});

test("a start that was killed while it made the cluster leaves nothing that a later start takes for one", async () => {
  await using folder = await temporaryFolder();
  await using child = startInChild({ dataDir: folder.path });
  await child.report("progress");
  await eventually("initdb works", async () =>
    (await readdir(folder.path)).some((name) => name.includes("unfinished")),
  );
  await child.kill();
  expect(await readdir(folder.path)).not.toContain("postgres");
  const server = await startEmbedded({ dataDir: folder.path });
  expect(await ask(server.url, "select 1")).toBe(1);
});

test("a server that is killed while it is being started is told in a true sentence, and does not harm the next start", async () => {
  await using folder = await temporaryFolder("a cluster");
  const cluster = join(folder.path, "postgres");
  await startEmbedded({ dataDir: folder.path });
  for (const _ of [1, 2, 3]) {
    // What it leaves behind makes pg_ctl warn of another server.
    await killPostmaster(cluster);
    const starting = startEmbedded({ dataDir: folder.path }).catch((error: unknown) => error);
    await eventually("it is being started", async () => (await readPostmaster(cluster)).kind === "running");
    await killPostmaster(cluster);
    const outcome = await starting;
    // On a busy machine the start may be over before.
    if (outcome instanceof Error) {
      expect(outcome).toBeInstanceOf(EmbeddedError);
      expect(outcome.message).toMatch(/did not start: it ended without a word\.|ended while it was being started/);
    }
    const server = await startEmbedded({ dataDir: folder.path });
    expect(await ask(server.url, "select 1")).toBe(1);
  }
});

test("what interrupted starts left is removed when the cluster is made", async () => {
  await using folder = await temporaryFolder();
  await mkdir(join(folder.path, "postgres.unfinished-1", "base"), { recursive: true });
  await writeFile(join(folder.path, "postgres.unfinished-1", "PG_VERSION"), "18\n");
  await startEmbedded({ dataDir: folder.path });
  expect((await readdir(folder.path)).filter((name) => name.includes("unfinished"))).toEqual([]);
});

test("a server that does not answer and that nobody uses is replaced", async () => {
  await using folder = await temporaryFolder("a cluster");
  await using child = startInChild({ dataDir: folder.path });
  const { url } = await child.report("started");
  await ask(url, "alter role postgres valid until '2000-01-01'");
  await child.kill();
  await expect(startEmbedded({ dataDir: folder.path })).rejects.toThrow(/does not let us in/);
  expect(await processesIn(folder.path)).toEqual([]);
});

test("a folder that was copied while its server ran starts a server of its own", async () => {
  await using folder = await temporaryFolder();
  const original = join(folder.path, "original");
  const copy = join(folder.path, "copy");
  const server = await startEmbedded({ dataDir: original });
  await server.release();
  const running = await startEmbedded({ dataDir: original });
  await cp(original, copy, { recursive: true, preserveTimestamps: true });
  const user = await chooseServiceUser(running.dataDirectory);
  if (user !== undefined) await giveAll(copy, user);
  const second = await startEmbedded({ dataDir: copy });
  expect(second.origin).toBe("started");
  expect(second.port).not.toBe(running.port);
});

async function giveAll(folder: string, user: { uid: number; gid: number }): Promise<void> {
  const chown = spawn("chown", ["-R", `${user.uid}:${user.gid}`, join(folder, "postgres")]);
  await eventually("chown has ended", async () => chown.exitCode !== null);
}

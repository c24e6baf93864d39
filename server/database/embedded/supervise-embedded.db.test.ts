import { once } from "node:events";
import { createServer } from "node:net";
import { expect, test } from "vitest";
import { eventually } from "../../testing/eventually.ts";
import { ask, killPostmaster, processesIn, temporaryFolder } from "./embedded.fixture.ts";
import { takeStartLock } from "./server-locks.ts";
import { superviseEmbedded } from "./supervise-embedded.ts";

test("a server that is killed, again and again, comes back by itself at the same address with its data", async () => {
  await using folder = await temporaryFolder("a cluster");
  const deaths: string[] = [];
  const kept = await superviseEmbedded({ dataDir: folder.path, onDeath: (error) => deaths.push(error.message) });
  await ask(kept.url, "create table kept (answer int)", "insert into kept values (42)");
  for (const times of [1, 2]) {
    await killPostmaster(`${folder.path}/postgres`);
    await eventually("the death was told", async () => deaths.length === times);
    expect(await ask(kept.url, "select answer from kept")).toBe(42);
  }
  expect(deaths).toEqual(Array(2).fill(expect.stringContaining("was started again")));
  await kept.release();
  expect(await processesIn(folder.path)).toEqual([]);
});

test("a server whose port another program takes while it is down comes back there once that has left", async () => {
  await using folder = await temporaryFolder("a cluster");
  const deaths: string[] = [];
  const kept = await superviseEmbedded({ dataDir: folder.path, onDeath: (error) => deaths.push(error.message) });
  await ask(kept.url, "create table kept (answer int)", "insert into kept values (42)");
  const port = Number(new URL(kept.url).port);
  // Nobody starts it before the port is taken.
  const startLock = await takeStartLock(folder.path);
  await killPostmaster(`${folder.path}/postgres`);
  const other = createServer().listen(port, "127.0.0.1");
  await once(other, "listening");
  startLock.release();
  await eventually("the taken port was told", async () => deaths.length > 0);
  expect(deaths[0]).toContain(`Another program has taken the port ${port} of the embedded database`);
  other.close();
  await eventually("it was started again", async () => deaths.some((death) => death.includes("was started again")));
  expect(await ask(kept.url, "select answer from kept")).toBe(42);
  await kept.release();
  expect(await processesIn(folder.path)).toEqual([]);
});

test("a server that we stop stays stopped", async () => {
  await using folder = await temporaryFolder("a cluster");
  const deaths: string[] = [];
  const kept = await superviseEmbedded({ dataDir: folder.path, onDeath: (error) => deaths.push(error.message) });
  await kept.release();
  expect(await processesIn(folder.path)).toEqual([]);
  expect(deaths).toEqual([]);
});

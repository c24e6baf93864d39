import { stat, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { join } from "node:path";
import { expect, test } from "vitest";
import { ask, processesIn, startInChild, temporaryFolder } from "./embedded.fixture.ts";
import { findEmbedded } from "./find-embedded.ts";
import { startEmbedded } from "./start-embedded.ts";

test("a first start makes a PostgreSQL 18 with a database for the shop, durable, in UTF-8 and UTC", async () => {
  await using folder = await temporaryFolder();
  const said: string[] = [];
  const server = await startEmbedded({
    dataDir: join(folder.path, "new", "data"),
    onProgress: (sentence) => said.push(sentence),
  });
  expect(server.origin).toBe("started");
  expect(said).toContain("Creating the database");
  const facts = await ask(
    server.url,
    `select json_build_object(
      'database', current_database(), 'version', current_setting('server_version_num')::int / 10000,
      'fsync', current_setting('fsync'), 'pages', current_setting('full_page_writes'),
      'commit', current_setting('synchronous_commit'), 'timezone', current_setting('timezone'),
      'encoding', current_setting('server_encoding'), 'listen', current_setting('listen_addresses'),
      'sockets', current_setting('unix_socket_directories'), 'superuser', current_setting('is_superuser'),
      'locale', (select datlocprovider::text || ' ' || datlocale from pg_database where datname = current_database()))`,
  );
  expect(facts).toEqual({
    ...{ database: "doorbuster", version: 18, fsync: "on", pages: "on", commit: "on", timezone: "UTC" },
    ...{ encoding: "UTF8", listen: "127.0.0.1", sockets: "", superuser: "on", locale: "b C.UTF-8" },
  });
});

test("nobody gets in without the password, which only its owner can read", async () => {
  await using folder = await temporaryFolder();
  const server = await startEmbedded({ dataDir: folder.path });
  const url = new URL(server.url);
  url.password = "";
  await expect(ask(url.href, "select 1")).rejects.toThrow();
  url.password = "postgres";
  await expect(ask(url.href, "select 1")).rejects.toThrow(/password authentication failed/);
  expect((await stat(join(folder.path, "embedded.json"))).mode & 0o777).toBe(0o600);
});

test("a second start adopts the server, and the last process to release it stops it", async () => {
  await using folder = await temporaryFolder("a cluster");
  await using other = startInChild({ dataDir: folder.path });
  const first = await other.report("started");
  const second = await startEmbedded({ dataDir: folder.path });
  expect(second).toMatchObject({ origin: "adopted", url: first.url });
  other.release();
  expect((await other.report("released")).outcome).toBe("left running");
  expect(await ask(second.url, "select 1")).toBe(1);
  expect(await second.release()).toBe("stopped");
  expect(await second.release()).toBe("stopped");
  expect(await processesIn(folder.path)).toEqual([]);
});

test("the end of its use leaves no process, may be called twice and at once, and the next start finds the data on the same port", async () => {
  await using folder = await temporaryFolder("a cluster");
  const server = await startEmbedded({ dataDir: folder.path });
  await ask(server.url, "create table kept as select 42 as answer");
  await Promise.all([server.release(), server.release()]);
  await server.release();
  expect(await processesIn(folder.path)).toEqual([]);
  const again = await startEmbedded({ dataDir: folder.path });
  expect(again.origin).toBe("started");
  expect(again.port).toBe(server.port);
  expect(await ask(again.url, "select answer from kept")).toBe(42);
});

test("of many starts at once, in several processes, one starts the server and the others adopt it", async () => {
  await using folder = await temporaryFolder();
  await using one = startInChild({ dataDir: folder.path });
  await using two = startInChild({ dataDir: folder.path });
  const [here, there, ...children] = await Promise.all([
    startEmbedded({ dataDir: folder.path }),
    startEmbedded({ dataDir: folder.path }),
    one.report("started"),
    two.report("started"),
  ]);
  const all = [here, there, ...children];
  expect(all.map((server) => server.origin).sort()).toEqual(["adopted", "adopted", "adopted", "started"]);
  expect(new Set(all.map((server) => server.url)).size).toBe(1);
  expect(await ask(here.url, "select 1")).toBe(1);
});

test("takes another port when somebody has the one of last time", async () => {
  await using folder = await temporaryFolder("a cluster");
  const server = await startEmbedded({ dataDir: folder.path });
  await server.release();
  const squatter = createServer();
  await new Promise<void>((resolve) => squatter.listen(server.port, "127.0.0.1", resolve));
  try {
    const again = await startEmbedded({ dataDir: folder.path });
    expect(again.port).not.toBe(server.port);
    expect(await ask(again.url, "select 1")).toBe(1);
  } finally {
    squatter.close();
  }
});

test("settings reach the server whatever characters they hold", async () => {
  await using folder = await temporaryFolder();
  const value = String.raw`it's a \ "test" of $HOME`;
  const server = await startEmbedded({
    dataDir: join(folder.path, "a folder's name"),
    settings: { max_connections: "37", "doorbuster.note": value },
  });
  expect(await ask(server.url, "select current_setting('max_connections')::int")).toBe(37);
  expect(await ask(server.url, "select current_setting('doorbuster.note')")).toBe(value);
});

test("finding gives the running server and its database, and never starts or guesses one", async () => {
  await using folder = await temporaryFolder();
  const dataDir = join(folder.path, "data");
  expect(await findEmbedded({ dataDir })).toBeUndefined();
  const server = await startEmbedded({ dataDir });
  expect(await findEmbedded({ dataDir })).toEqual({ url: server.url });
  await server.release();
  expect(await findEmbedded({ dataDir })).toBeUndefined();
});

test("keeps one earlier log when the log has grown large", async () => {
  await using folder = await temporaryFolder("a cluster");
  const server = await startEmbedded({ dataDir: folder.path });
  await server.release();
  await writeFile(join(folder.path, "postgres.log"), Buffer.alloc(11_000_000, "x"));
  await startEmbedded({ dataDir: folder.path });
  expect((await stat(join(folder.path, "postgres.log.1"))).size).toBe(11_000_000);
  expect((await stat(join(folder.path, "postgres.log"))).size).toBeLessThan(10_000);
});

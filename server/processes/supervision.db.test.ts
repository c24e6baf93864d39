import { readdir } from "node:fs/promises";
import { Agent, request } from "node:http";
import { join } from "node:path";
import { expect, it } from "vitest";
import { killPostmaster, temporaryFolder } from "../database/embedded/embedded.fixture.ts";
import { reconcile } from "../operations/reconcile.ts";
import { eventually } from "../testing/eventually.ts";
import { makeItem, makeSale } from "../testing/factories.ts";
import { createTcpProxy } from "../testing/tcp-proxy.ts";
import { createTestDatabase, type TestDatabase } from "../testing/test-database.ts";
import { buy, buyOnce, countTo, makeTokens, positions } from "./crowd.fixture.ts";
import { type ShopProcesses, signal, spawnShop, startShop } from "./shop.fixture.ts";

/* Two web processes and the one that keeps them running. */

/** It then logs each request that comes in, once. */
const TWO = { PROCESSES: "2", LOG_LEVEL: "debug" };

it("loses and doubles nothing when a web process is killed in the middle of a crowd, and starts it again", async () => {
  await using test = await createTestDatabase();
  await using shop = await startShop(test, TWO);
  const { itemIds } = await makeSale(test.database, [{ stock: 120 }, { stock: 80 }]);
  const tokens = await makeTokens(test, 200);
  const before = shop.webPids();
  let answered = 0;
  const buying = itemIds.map((itemId) =>
    Promise.all(
      tokens.map(async (token) => {
        const answer = await buy(shop.url, { token, itemId, key: `k${itemId}` });
        answered += 1;
        if (answered === 20) signal(before[1], "SIGKILL");
        return answer;
      }),
    ),
  );
  const answers = await Promise.all(buying);
  expect(answers.map(positions)).toEqual([countTo(120), countTo(80)]);
  await eventually("another one serves in its place", () => shop.webPids()[1] !== before[1]);
  expect(shop.webPids()[0]).toBe(before[0]);

  const again = await Promise.all(
    itemIds.map((itemId) => Promise.all(tokens.map((token) => buy(shop.url, { token, itemId, key: `k${itemId}` })))),
  );
  expect(again).toEqual(answers.map((item) => item.map((answer) => ({ ...answer, replayed: true }))));
  expect(await reconcile(test.database)).toMatchObject({ ok: true });
});

it("sells on with one process while the other cannot be started, says why once, and has both back when it can", async () => {
  await using test = await createTestDatabase();
  await using proxy = await createTcpProxy(test.url);
  await using shop = await startShop({ ...test, url: proxy.url }, TWO);
  const itemId = await makeItem(test.database, { stock: 100 });
  const tokens = await makeTokens(test, 30);
  const [first, second] = shop.webPids();
  proxy.refuse(true);
  signal(second, "SIGKILL");
  await eventually("it cannot be started", () => shop.printed().includes("does not start"));
  // One after the other: each on the connection that is there.
  for (const token of tokens) await buy(shop.url, { token, itemId, key: "k" });
  proxy.refuse(false);
  await eventually("another one serves in its place", () => ![second, undefined].includes(shop.webPids()[1]), 30_000);
  expect(shop.webPids()[0]).toBe(first);
  // A connection may be refused at one time and cut off at another: each reason is said when it is new.
  const reasons = [...shop.printed().matchAll(/"?reason"?: ?"?([^"\n]+)/g)].map(([, reason]) => reason);
  expect(reasons.length).toBeGreaterThan(0);
  expect(reasons.filter((reason, index) => reason === reasons[index - 1])).toEqual([]);
  expect(await reconcile(test.database)).toMatchObject({ ok: true });
});

it("lets a web process that is told to stop finish what is under way, and starts another in its place", async () => {
  await using test = await createTestDatabase();
  await using shop = await startShop(test, TWO);
  const before = shop.webPids();
  const { buying, release } = await buyersThatWait(test, shop);
  for (const pid of before) signal(pid, "SIGTERM");
  await release();
  expect(positions(await buying)).toEqual(countTo(10));
  await eventually("others serve", () => shop.webPids().every((pid, slot) => pid !== before[slot]));
  expect(await reconcile(test.database)).toMatchObject({ ok: true });
});

it("says why and ends with 1 when none serves and none can be started", async () => {
  await using test = await createTestDatabase();
  await test.sql.unsafe("create role shut_out superuser login password 'shut out'");
  const url = Object.assign(new URL(test.url), { username: "shut_out", password: "shut out" }).href;
  await using shop = await startShop({ ...test, url }, TWO);
  await test.sql.unsafe("alter role shut_out nologin");
  for (const pid of shop.webPids()) signal(pid, "SIGKILL");
  expect(await shop.ended).toBe(1);
  expect(shop.printed()).toMatch(/^The PostgreSQL server at \S+ does not let user "shut_out" in.*\.$/m);
  await test.sql.unsafe("drop role shut_out");
});

it("waits for a database that is away while no web process serves, and serves when it is back", async () => {
  await using test = await createTestDatabase();
  await using proxy = await createTcpProxy(test.url);
  await using shop = await startShop({ ...test, url: proxy.url }, TWO);
  proxy.refuse(true);
  for (const pid of shop.webPids()) signal(pid, "SIGKILL");
  // More than those after which it would give up for another reason.
  await eventually("it has been tried time and again", () => proxy.refused >= 8, 30_000);
  proxy.refuse(false);
  const isReady = () =>
    fetch(`${shop.url}/health/ready`, { headers: { connection: "close" } }).then(
      ({ ok }) => ok,
      () => false,
    );
  await eventually("it serves", isReady, 30_000);
});

it("does not open, and says why in a sentence, when one of the processes cannot start", async () => {
  await using test = await createTestDatabase();
  await test.sql.unsafe(`
    create role lonely login password 'lonely' connection limit 1;
    grant usage on schema shop to lonely;
    grant select on all tables in schema shop to lonely;
  `);
  const url = Object.assign(new URL(test.url), { username: "lonely", password: "lonely" }).href;
  await using shop = await spawnShop({ ...TWO, DATABASE_URL: url, DATABASE_SCHEMA: test.schema });
  expect(await shop.ended).toBe(1);
  expect(shop.printed()).toMatch(
    /^The PostgreSQL server at \S+ has no connection left for user "\S+": too many connections for .*\.$/m,
  );
  expect(shop.printed()).not.toContain("is open at");
  await test.sql.unsafe("drop owned by lonely; drop role lonely");
});

it("says how many connections are needed when the database has not so many", async () => {
  await using test = await createTestDatabase();
  const env = { PROCESSES: "60", POOL_SIZE: "50", DATABASE_URL: test.url, DATABASE_SCHEMA: test.schema };
  await using shop = await spawnShop(env);
  expect(await shop.ended).toBe(1);
  expect(shop.printed()).toMatch(/^PROCESSES is 60 and POOL_SIZE 50, which needs 3545 connections, .*\.$/m);
  // With the worker's, and those of a warehouse on the same server.
  const all = { ...env, ROLES: "web,worker,warehouse", WAREHOUSE_PORT: "0" };
  await using withRoles = await spawnShop(all);
  expect(await withRoles.ended).toBe(1);
  expect(withRoles.printed()).toMatch(/^PROCESSES is 60 and POOL_SIZE 50, which needs 3600 connections, /m);
});

it("finishes what is under way when the first process is killed, and leaves nothing behind", async () => {
  await using test = await createTestDatabase();
  await using folder = await temporaryFolder();
  await using shop = await startShop(test, { ...TWO, TMPDIR: folder.path });
  expect(await readdir(folder.path)).toHaveLength(1);
  const { buying, release } = await buyersThatWait(test, shop);
  shop.main.kill("SIGKILL");
  await release();
  expect(positions(await buying)).toEqual(countTo(10));
  await shop.ended;
  expect(await readdir(folder.path)).toEqual([]);
  expect(await reconcile(test.database)).toMatchObject({ ok: true });
});

it("ends at once at the second signal, also a process that stands still", async () => {
  await using test = await createTestDatabase();
  await using shop = await startShop(test, TWO);
  const { buying, release } = await buyersThatWait(test, shop);
  signal(shop.webPids()[0], "SIGSTOP");
  const cut = expect(buying).rejects.toThrow("fetch failed");
  let code: number | null | undefined;
  void shop.ended.then((ended) => {
    code = ended;
  });
  // Those that come within half a second count as one: a terminal and npm both send theirs.
  await eventually("all processes are gone", () => code !== undefined || !shop.main.kill("SIGTERM"));
  await shop.ended;
  expect(code).toBe(1);
  await cut;
  await release();
  expect(await reconcile(test.database)).toMatchObject({ ok: true });
});

it("spreads connections over all processes again after one was away", async () => {
  await using test = await createTestDatabase();
  await using shop = await startShop(test, TWO);
  const [, second] = shop.webPids();
  signal(second, "SIGKILL");
  await eventually("it is gone", () => shop.printed().includes("is started again"));
  const agent = new Agent({ keepAlive: true });
  const ask = () =>
    new Promise<string | undefined>((resolve, reject) => {
      const sent = request(`${shop.url}/health/live`, { agent }, (response) => {
        response.resume().on("end", () => resolve(response.headers.connection));
      });
      sent.on("error", reject).end();
    });
  const askAll = () => Promise.all(Array.from({ length: 100 }, ask));
  // They are all with the one that lives, and are kept there.
  expect(new Set(await askAll())).toEqual(new Set(["keep-alive"]));
  await eventually("it is back", () => ![second, undefined].includes(shop.webPids()[1]));
  await eventually("some are sent away", async () => (await askAll()).includes("close"));
  agent.destroy();
});

it("starts the embedded database again when it dies, for all processes", async () => {
  await using shop = await spawnShop({ ...TWO, NODE_ENV: "development" });
  await eventually("the shop is open", () => shop.printed().includes("is open at"), 60_000);
  await killPostmaster(join(shop.dataDir, "postgres"));
  await eventually("it was started again", () => shop.printed().includes("was started again"), 30_000);
  const isReady = () => fetch(`${shop.url}/health/ready`, { headers: { connection: "close" } }).then(({ ok }) => ok);
  await eventually("all processes are ready", async () =>
    (await Promise.all([1, 2, 3, 4].map(isReady))).every(Boolean),
  );
});

/** Purchases that are under way and wait for their item, until `release`. */
async function buyersThatWait(test: TestDatabase, shop: ShopProcesses) {
  const itemId = await makeItem(test.database, { stock: 10 });
  const tokens = await makeTokens(test, 10);
  const holding = Promise.withResolvers<void>();
  const held = Promise.withResolvers<void>();
  const holder = test.sql.begin(async (tx) => {
    await tx`select from items where id = ${itemId} for update`;
    held.resolve();
    await holding.promise;
  });
  await held.promise;
  const buying = Promise.all(tokens.map((token) => buyOnce(shop.url, { token, itemId, key: "k" })));
  buying.catch(() => {});
  await eventually(
    "all have come in",
    () => shop.printed().match(/purchases\.buy[^\n]*came in/g)?.length === tokens.length,
  );
  return {
    buying,
    async release() {
      holding.resolve();
      await holder;
    },
  };
}

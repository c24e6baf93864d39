import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { killPostmaster } from "../database/embedded/embedded.fixture.ts";
import { reconcile } from "../operations/reconcile.ts";
import { eventually } from "../testing/eventually.ts";
import { makeSale } from "../testing/factories.ts";
import { createTestDatabase, type TestDatabase } from "../testing/test-database.ts";
import { buyOnce, countTo, makeTokens, positions } from "./crowd.fixture.ts";
import { type ShopProcesses, spawnShop, startShop } from "./shop.fixture.ts";

/* The shop started once and twice on one database: processes of their own, asked over HTTP. */

describe.each([1, 2])("started %s time(s)", (count) => {
  let test: TestDatabase;
  let shops: ShopProcesses[];
  let asked = 0;
  /** Of the starts in turn. */
  const url = () => shops[asked++ % count]?.url ?? "";
  beforeAll(async () => {
    test = await createTestDatabase();
    // They then log each request that comes in.
    shops = await Promise.all(Array.from({ length: count }, () => startShop(test, { LOG_LEVEL: "debug" })));
  });
  afterAll(async () => {
    await Promise.all(shops.map((shop) => shop[Symbol.asyncDispose]()));
    await test[Symbol.asyncDispose]();
  });

  it("sells a crowd exactly the stock, of several items at once", async () => {
    const { itemIds } = await makeSale(test.database, [{ stock: 60 }, { stock: 40 }, { stock: 1 }]);
    const tokens = await makeTokens(test, 150);
    const answers = await Promise.all(
      itemIds.map((itemId) =>
        Promise.all(tokens.map((token) => buyOnce(url(), { token, itemId, key: `crowd-${itemId}` }))),
      ),
    );
    expect(answers.map(positions)).toEqual([countTo(60), countTo(40), [1]]);
    expect(await reconcile(test.database)).toMatchObject({ ok: true });
  });

  it("decides once about a key that is sent 20 times at once over as many connections", async () => {
    const { itemIds } = await makeSale(test.database, [{ stock: 100 }, { stock: 100 }]);
    const [token = ""] = await makeTokens(test, 1);
    for (const itemId of itemIds) {
      const wish = { token, itemId, key: `twenty-${itemId}` };
      const answers = await Promise.all(Array.from({ length: 20 }, () => buyOnce(url(), wish)));
      expect(answers.filter(({ replayed }) => !replayed)).toHaveLength(1);
      expect(new Set(answers.map((answer) => JSON.stringify({ ...answer, replayed: true }))).size).toBe(1);
    }
    expect(await reconcile(test.database)).toMatchObject({ ok: true });
  });

  it("answers what is under way when it is told to stop, and leaves no process behind", async () => {
    const { itemIds } = await makeSale(test.database, [{ stock: 30 }, { stock: 30 }]);
    const tokens = await makeTokens(test, 40);
    const incoming = () =>
      shops.flatMap(({ printed }) => printed().match(/"\/trpc\/purchases\.buy"[^\n]*came in/g) ?? []).length;
    const before = incoming();
    const buying = await test.sql.begin(async (holder) => {
      await holder`select from items where id = any(${itemIds}) for update`;
      const sent = tokens.map((token, index) =>
        buyOnce(url(), { token, itemId: itemIds[index % 2] ?? 0, key: "last" }),
      );
      await eventually("all have come in", () => incoming() - before >= 40);
      for (const { main } of shops) main.kill("SIGTERM");
      for (const shop of shops) await eventually("nobody new is let in", () => isClosed(shop.url));
      return sent;
    });
    const answers = await Promise.all(buying);
    for (const half of [0, 1]) {
      expect(positions(answers.filter((_, index) => index % 2 === half))).toEqual(countTo(20));
    }
    for (const { ended } of shops) expect(await ended).toBe(0);
    expect(await reconcile(test.database)).toMatchObject({ ok: true });
  });
});

it("shares one DATA_DIR between starts, each at ports of its own, until the last one ends", async () => {
  await using first = await spawnShop(WHOLE);
  await isOpen(first);
  await using second = await spawnShop({ ...WHOLE, DATA_DIR: first.dataDir });
  await isOpen(second);
  expect(second.url).not.toBe(first.url);

  await killPostmaster(join(first.dataDir, "postgres"));
  for (const shop of [first, second]) await eventually("it is ready again", () => isReady(shop.url), START_MS_MAX);

  first.main.kill("SIGTERM");
  expect(await first.ended).toBe(0);
  expect(await isReady(second.url)).toBe(true);
  // Signed by the one and believed by the other: the secret in DATA_DIR is one.
  const token = await signIn(second.url);
  await using third = await spawnShop({ ...WHOLE, DATA_DIR: first.dataDir, ROLES: "web" });
  await isOpen(third);
  const { status } = await fetch(`${third.url}/trpc/wallets.mine`, { headers: { authorization: `Bearer ${token}` } });
  expect(status).toBe(200);
});

/** A start as `npm start` makes it, with the embedded database. It opens only when its own warehouse works. */
const WHOLE = { NODE_ENV: "development", LOG_LEVEL: "info", ROLES: "web,worker,warehouse", WAREHOUSE_PORT: "0" };

/** A start makes a database, on a machine that does other things. */
const START_MS_MAX = 60_000;

async function isOpen(shop: ShopProcesses): Promise<void> {
  await eventually("the shop is open", () => shop.printed().includes("is open at"), START_MS_MAX);
}

function isReady(url: string): Promise<boolean> {
  return fetch(`${url}/health/ready`, { headers: { connection: "close" } }).then(
    ({ ok }) => ok,
    () => false,
  );
}

function isClosed(url: string): Promise<boolean> {
  return fetch(`${url}/health/live`, { headers: { connection: "close" } }).then(
    () => false,
    () => true,
  );
}

async function signIn(url: string): Promise<string> {
  const response = await fetch(`${url}/api/auth/sign-up/email`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ email: "two@example.com", password: "between-two-starts-1", name: "Two" }),
  });
  return (await response.json()).token;
}

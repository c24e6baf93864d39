import { sql } from "drizzle-orm";
import { expect, it } from "vitest";
import { createDoorbusterClient } from "../../client/sdk/index.ts";
import type { SaleFigures } from "../../shared/figures.ts";
import { saleFiguresSchema } from "../../shared/figures.ts";
import { signedInBuyer, signedInOperator, startTestApp, type TestApp, type TestUser } from "../app/app.fixture.ts";
import { reconcile } from "../operations/reconcile.ts";
import { PurchaseBatcher } from "../purchases/buy.ts";
import { makeBuyers, makeSale } from "../testing/factories.ts";
import { hold } from "../testing/hold.ts";
import { createTestDatabase, type TestDatabase } from "../testing/test-database.ts";
import { countSeconds } from "./count-seconds.ts";
import { currentSale } from "./current.ts";
import { figuresOf } from "./figures-of.ts";
import { readSale, type SaleRead } from "./read-sale.ts";

const SERVER = { name: "", waiting: 0, longest: 0, viewers: 0, p50Ms: null, p99Ms: null };

it("are what the records add up to, however often they are read and counted while a crowd buys", async () => {
  await using test = await createTestDatabase();
  const { saleId, itemIds } = await makeSale(test.database, [
    { stock: 60, priceCents: 700 },
    { stock: 20, priceCents: 300, limitPerCustomer: 2 },
    { stock: 5 },
  ]);
  // Of no concern to this sale.
  const other = await makeSale(test.database, [{ stock: 10 }]);
  const database = await test.open();
  let known: SaleRead | undefined;
  let last: SaleFigures | undefined;
  for (let wave = 0; wave < 4; wave++) {
    await crowd(test, [...itemIds, ...other.itemIds], 40);
    known = await readSale(database, saleId, known);
    const figures = figuresOf(known, SERVER);
    expect(totalsOf(figures)).toEqual(await recount(test, saleId));
    expect(figures.attempts.purchased).toBeGreaterThanOrEqual(last?.attempts.purchased ?? 0);
    // What has settled moves from one place to another, in portions, and is counted in neither twice.
    await countSeconds(database, { settledMs: -1_000, attemptsMax: 33 });
    known = await readSale(database, saleId, known);
    expect(totalsOf(figuresOf(known, SERVER))).toEqual(totalsOf(figures));
    last = figures;
  }
  // Whoever opens it anew sees the same.
  const reloaded = figuresOf(await readSale(await test.open(), saleId), SERVER);
  expect(totalsOf(reloaded)).toEqual(totalsOf(last as SaleFigures));
  expect(reloaded.isComplete).toBe(true);
  expect(reloaded.items.map(({ name }) => name)).toEqual(["Item 0", "Item 1", "Item 2"]);
  expect(reloaded.items.map(({ remaining, soldUnits, allotted }) => allotted - soldUnits - remaining)).toEqual([
    0, 0, 0,
  ]);
  expect(await reconcile(test.database)).toMatchObject({ ok: true });
});

it("show stock as it fell, with what was added and given back", async () => {
  await using test = await createTestDatabase();
  const { saleId, itemIds } = await makeSale(test.database, [{ stock: 10 }], { startsInMs: -30_000 });
  const [itemId = 0] = itemIds;
  await test.sql`alter table stock_adjustments disable trigger user`;
  await test.sql`update stock_adjustments set adjusted_at = clock_timestamp() - interval '1 day'`;
  const [userId = ""] = await makeBuyers(test.database, 1);
  const at = (secondsAgo: number) => Date.now() - secondsAgo * 1_000;
  await bought(test, { itemId, userId, atMs: at(20), units: 4, position: 1 });
  await bought(test, { itemId, userId, atMs: at(10), units: 3, position: 2 });
  await test.sql`update items set remaining = 3, last_position = 2`;
  for (const settledMs of [15_000, 5_000, -1_000]) {
    const { points, items } = figuresOf(await readSale(test.database, saleId), SERVER);
    expect(points.stepSeconds).toBe(1);
    const [item] = items;
    expect([...new Set(item?.left)]).toEqual([10, 6, 3]);
    expect(item?.left).toHaveLength(points.attempts.purchased.length);
    expect(points.attempts.purchased.reduce((sum, count) => sum + count, 0)).toBe(2);
    await countSeconds(test.database, { settledMs });
  }
});

it("of a sale that is long over are all of it, in steps that fit, and no longer change", async () => {
  await using test = await createTestDatabase();
  const hour = 3_600_000;
  const { saleId, itemIds } = await makeSale(test.database, [{ stock: 10 }], {
    startsInMs: -5 * hour,
    endsInMs: -2 * hour,
  });
  const [userId = ""] = await makeBuyers(test.database, 1);
  for (let n = 1; n <= 3; n++) {
    await bought(test, {
      itemId: itemIds[0] ?? 0,
      userId,
      atMs: Date.now() - 4 * hour + n * 600_000,
      units: 1,
      position: n,
    });
  }
  await countSeconds(test.database);
  const { status, points, attempts, perSecond } = figuresOf(await readSale(test.database, saleId), SERVER);
  expect([status, attempts.purchased, perSecond.purchased]).toEqual(["ended", 3, 0]);
  expect(points.attempts.purchased.length).toBeLessThanOrEqual(150);
  expect(points.attempts.purchased.length * points.stepSeconds).toBeGreaterThanOrEqual((3 * hour) / 1_000);
  expect(points.attempts.purchased.filter((count) => count > 0)).toEqual([1, 1, 1]);
});

it("come to operators as a stream, one read for all of them, and to nobody else", async () => {
  await using test = await createTestDatabase();
  await using app = await startTestApp(test);
  const { saleId, itemIds } = await makeSale(test.database, [{ stock: 3 }]);
  const [operator, buyer] = [await signedInOperator(test), await signedInBuyer(test)];
  const shop = createDoorbusterClient({ url: app.url, token: operator.token });
  const streams = [1, 2, 3].map(() => shop.figures.watch({ saleId }));
  const first = await Promise.all(streams.map((stream) => stream.next()));
  for (const { value } of first) {
    expect(saleFiguresSchema.strict().parse(value)).toMatchObject({ saleId, status: "live", soldUnits: 0 });
  }
  for (let n = 0; n < 5; n++) {
    await app.mutate("purchases.buy", { itemId: itemIds[0], idempotencyKey: `k${n}` }, buyer.token);
  }
  const seen = await Promise.all(
    streams.map((stream) => until(stream, ({ soldUnits, unmetUnits }) => soldUnits + unmetUnits === 5)),
  );
  for (const figures of seen) {
    expect(figures).toMatchObject({
      soldUnits: 3,
      unmetUnits: 2,
      takenCents: 3_000,
      refusals: [{ code: "OUT_OF_STOCK", attempts: 2 }],
      server: { waiting: 0, longest: 0, viewers: 0 },
    });
  }
  // One computation: they are of the same moment.
  const next = await Promise.all(streams.map((stream) => stream.next()));
  expect(new Set(next.map(({ value }) => (value as SaleFigures).version)).size).toBeLessThanOrEqual(2);
  await Promise.all(streams.map((stream) => stream.return?.()));

  const asBuyer = createDoorbusterClient({ url: app.url, token: buyer.token }).figures.watch({ saleId });
  await expect(asBuyer.next()).rejects.toMatchObject({ code: "FORBIDDEN" });
  const unknown = shop.figures.watch({ saleId: 999_999 });
  await expect(unknown.next()).rejects.toMatchObject({ code: "NOT_FOUND" });
});

it.each<[string, (of: { app: TestApp; user: TestUser; other: TestUser }) => Promise<{ status: number }>]>([
  [
    "was deactivated",
    ({ app, user, other }) => app.mutate("users.setActive", { userId: user.id, active: false }, other.token),
  ],
  [
    "was demoted",
    ({ app, user, other }) =>
      app.mutate(
        "users.setRole",
        { userId: user.id, role: "buyer", mayMoveMoney: false, reason: "a test" },
        other.token,
      ),
  ],
  [
    "was signed out by another",
    ({ app, user, other }) => app.mutate("users.signOut", { userId: user.id, reason: "a test" }, other.token),
  ],
  ["signed out", ({ app, user }) => app.send("/api/auth/sign-out", { method: "POST", token: user.token })],
])("end for an operator who %s", async (how, end) => {
  await using test = await createTestDatabase();
  await using app = await startTestApp(test);
  const { saleId } = await makeSale(test.database, [{ stock: 3 }]);
  const [user, other] = [await signedInOperator(test), await signedInOperator(test)];
  const stream = createDoorbusterClient({ url: app.url, token: user.token }).figures.watch({ saleId });
  await stream.next();
  expect((await end({ app, user, other })).status).toBe(200);
  const code = how === "was demoted" ? "FORBIDDEN" : "UNAUTHENTICATED";
  await expect(until(stream, () => false)).rejects.toMatchObject({ code });
});

it("end for a program whose key is revoked, and go on for its owner", async () => {
  await using test = await createTestDatabase();
  await using app = await startTestApp(test);
  const { saleId } = await makeSale(test.database, [{ stock: 3 }]);
  const { token } = await signedInOperator(test);
  const made = await app.mutate("keys.create", { name: "A screen", scopes: ["read"] }, token);
  const { keyId, key } = made.body.result.data;
  const [ofKey, ofOwner] = [key, token].map((shown) =>
    createDoorbusterClient({ url: app.url, token: shown }).figures.watch({ saleId }),
  );
  if (!ofKey || !ofOwner) throw new Error("there are two");
  await Promise.all([ofKey.next(), ofOwner.next()]);
  expect((await app.mutate("keys.revoke", { keyId, reason: "a test" }, token)).status).toBe(200);
  await expect(until(ofKey, () => false)).rejects.toMatchObject({ code: "UNAUTHENTICATED" });
  expect(await until(ofOwner, () => true)).toMatchObject({ saleId });
});

it("go on while everything that buys is held up, and the other way round", async () => {
  await using test = await createTestDatabase();
  await using app = await startTestApp(test, { POOL_SIZE: "1" });
  const { saleId, itemIds } = await makeSale(test.database, [{ stock: 3 }]);
  const [operator, buyer] = [await signedInOperator(test), await signedInBuyer(test)];
  const stream = createDoorbusterClient({ url: app.url, token: operator.token }).figures.watch({ saleId });
  await stream.next();
  const { database, operatorReads } = app.services;
  const whileBusy = async (pool: typeof database, connections: number, work: () => Promise<void>) => {
    const release = Promise.withResolvers<void>();
    const begun = Array.from({ length: connections }, () => Promise.withResolvers<void>());
    const held = begun.map(({ resolve }) =>
      pool.withTransaction(async (tx) => {
        await tx.execute(sql`select 1`);
        resolve();
        await release.promise;
      }),
    );
    await Promise.all(begun.map(({ promise }) => promise));
    await work();
    release.resolve();
    await Promise.all(held);
  };
  await whileBusy(database, 1, async () => {
    const { version } = (await stream.next()).value as SaleFigures;
    expect(await until(stream, (figures) => figures.version > version)).toMatchObject({ saleId });
  });
  await whileBusy(operatorReads, 3, async () => {
    const bought = await app.mutate("purchases.buy", { itemId: itemIds[0], idempotencyKey: "k" }, buyer.token);
    expect(bought.body.result.data.outcome).toBe("purchased");
  });
  expect(await until(stream, ({ soldUnits }) => soldUnits === 1)).toMatchObject({ takenCents: 1_000 });
});

it("are read in a time that has a limit, and go on when what held them up is gone", async () => {
  await using test = await createTestDatabase();
  await using app = await startTestApp(test);
  const { saleId } = await makeSale(test.database, [{ stock: 3 }]);
  const operator = await signedInOperator(test);
  const shop = createDoorbusterClient({ url: app.url, token: operator.token });
  {
    await using holder = await hold(test, "lock table attempt_seconds in access exclusive mode");
    expect((await app.query("figures.current", undefined, operator.token)).body.result.data).toEqual({ saleId });
    void holder;
  }
  expect((await shop.figures.watch({ saleId }).next()).value).toMatchObject({ saleId });
});

it("are of the sale that runs now, else of the next one, else of the last", async () => {
  await using test = await createTestDatabase();
  const hour = 3_600_000;
  const current = async () => (await currentSale(test.database)).saleId;
  expect(await current()).toBeNull();
  const { saleId: first } = await makeSale(test.database, [{ stock: 1 }], {
    startsInMs: -9 * hour,
    endsInMs: -8 * hour,
  });
  const { saleId: last } = await makeSale(test.database, [{ stock: 1 }], {
    startsInMs: -5 * hour,
    endsInMs: -4 * hour,
  });
  expect(first).not.toBe(last);
  expect(await current()).toBe(last);
  await makeSale(test.database, [{ stock: 1 }], { startsInMs: 9 * hour, endsInMs: 10 * hour });
  const { saleId: next } = await makeSale(test.database, [{ stock: 1 }], { startsInMs: hour, endsInMs: 2 * hour });
  expect(await current()).toBe(next);
  const { saleId: now } = await makeSale(test.database, [{ stock: 1 }]);
  expect(await current()).toBe(now);
  await test.sql`update sales set cancelled_at = clock_timestamp() where id = ${now}`;
  expect(await current()).toBe(next);
});

/** Some buy one, some two, all of them everything, at once. */
async function crowd(test: TestDatabase, itemIds: readonly number[], size: number): Promise<void> {
  const buyers = await makeBuyers(test.database, size, { balanceCents: 5_000 });
  const batcher = new PurchaseBatcher(test.database, { batchMax: 16 });
  await Promise.all(
    buyers.flatMap((userId, n) =>
      itemIds.map((itemId) =>
        batcher.buy({ userId, itemId, quantity: 1 + (n % 3), idempotencyKey: crypto.randomUUID() }),
      ),
    ),
  );
}

function totalsOf({ attempts, soldUnits, takenCents, unmetUnits, refusals }: SaleFigures) {
  return {
    ...attempts,
    soldUnits,
    takenCents,
    unmetUnits,
    refusals: Object.fromEntries(refusals.map(({ code, attempts }) => [code, attempts])),
  };
}

/** The same from the records themselves. */
async function recount({ sql }: TestDatabase, saleId: number) {
  const rows = await sql<{ code: string | null; attempts: number; units: number; cents: number }[]>`
    select refusal_code as code, count(*)::int as attempts, sum(quantity)::int as units,
      coalesce(sum(amount_cents), 0)::int as cents
    from purchase_attempts join items on items.id = item_id
    where sale_id = ${saleId} group by refusal_code`;
  const of = (code: string | null) => rows.find((row) => row.code === code) ?? { attempts: 0, units: 0, cents: 0 };
  const refused = rows.filter(({ code }) => code !== null);
  return {
    purchased: of(null).attempts,
    soldOut: of("OUT_OF_STOCK").attempts,
    refused: refused.reduce((sum, { attempts }) => sum + attempts, 0) - of("OUT_OF_STOCK").attempts,
    soldUnits: of(null).units,
    takenCents: of(null).cents,
    unmetUnits: of("OUT_OF_STOCK").units,
    refusals: Object.fromEntries(refused.map(({ code, attempts }) => [code, attempts])),
  };
}

async function until(
  stream: AsyncIterator<SaleFigures, void>,
  isIt: (figures: SaleFigures) => boolean,
): Promise<SaleFigures> {
  for (;;) {
    const { value } = await stream.next();
    if (!value) throw new Error("the stream ended");
    if (isIt(value)) return value;
  }
}

/** A purchase of then, written behind the shop's back. */
async function bought(
  { sql }: TestDatabase,
  {
    itemId,
    userId,
    atMs,
    units,
    position,
  }: { itemId: number; userId: string; atMs: number; units: number; position: number },
): Promise<void> {
  const hex = atMs.toString(16).padStart(12, "0");
  const id = `${hex.slice(0, 8)}-${hex.slice(8)}-7000-8000-${crypto.randomUUID().slice(24)}`;
  await sql`
    insert into purchase_attempts (id, user_id, item_id, quantity, idempotency_key, amount_cents, balance_after_cents,
      remaining_after, position, decided_at)
    values (${id}, ${userId}, ${itemId}, ${units}, ${id}, ${units * 1_000}, 1, 1, ${position},
      to_timestamp(${atMs}::float8 / 1000))`;
}

import { expect, it } from "vitest";
import { reconcile } from "../operations/reconcile.ts";
import { settle } from "../purchases/settle.ts";
import { eventually } from "../testing/eventually.ts";
import { makeBuyers, makeOperator, makeSale } from "../testing/factories.ts";
import { isWaitingForLock } from "../testing/is-waiting-for-lock.ts";
import { createTestDatabase } from "../testing/test-database.ts";
import { adjustStock } from "./adjust-stock.ts";
import { cancelSale } from "./cancel.ts";
import { recordingLiveSales } from "./live/live-sales.fixture.ts";
import { pauseSale } from "./pause.ts";

const HOUR_MS = 3_600_000;

async function setUp(window?: Parameters<typeof makeSale>[2]) {
  const test = await createTestDatabase();
  const services = { database: test.database, liveSales: recordingLiveSales() };
  const operatorId = await makeOperator(test.database);
  const { saleId, itemIds } = await makeSale(test.database, [{ stock: 10 }, { stock: 10 }], window);
  const [itemId = 0, otherItemId = 0] = itemIds;
  return {
    ...test,
    services,
    operatorId,
    saleId,
    itemId,
    otherItemId,
    adjust: (change: number, more: { itemId?: number; idempotencyKey?: string; reason?: string } = {}) =>
      adjustStock(services, operatorId, {
        itemId,
        change,
        reason: "counted",
        idempotencyKey: crypto.randomUUID(),
        ...more,
      }),
    stock: async () => {
      const [row] = await test.sql`select allotted, remaining, version::int from items where id = ${itemId}`;
      return row;
    },
    audited: async () => (await test.sql`select count(*)::int as rows from audit_log`)[0]?.rows,
  };
}

it("gives and withdraws units, each with a row, a version and an audit entry", async () => {
  await using shop = await setUp();
  expect(await shop.adjust(5)).toEqual({
    itemId: shop.itemId,
    change: 5,
    allotted: 15,
    remaining: 15,
    replayed: false,
  });
  expect(await shop.adjust(-15)).toMatchObject({ allotted: 0, remaining: 0 });
  expect(await shop.stock()).toEqual({ allotted: 0, remaining: 0, version: 2 });
  expect(shop.services.liveSales.announced).toEqual([shop.saleId, shop.saleId]);
  expect(await shop.sql`select subject, details -> 'after' as after from audit_log order by id`).toEqual([
    { subject: `item:${shop.itemId}`, after: { allotted: 15, remaining: 15 } },
    { subject: `item:${shop.itemId}`, after: { allotted: 0, remaining: 0 } },
  ]);
  expect(await reconcile(shop.database)).toMatchObject({ ok: true });
});

it("takes effect once for one key, however many requests come at once, with equal answers", async () => {
  await using shop = await setUp();
  const idempotencyKey = crypto.randomUUID();
  const answers = await Promise.all(Array.from({ length: 8 }, () => shop.adjust(5, { idempotencyKey })));
  for (const answer of answers) expect(answer).toMatchObject({ change: 5, allotted: 15, remaining: 15 });
  expect(answers.filter((answer) => !answer.replayed)).toHaveLength(1);
  expect(await shop.stock()).toEqual({ allotted: 15, remaining: 15, version: 1 });
  expect(await shop.audited()).toBe(1);
  await shop.adjust(1);
  expect(await shop.adjust(5, { idempotencyKey })).toEqual({ ...answers[0], replayed: true });
});

it("takes one of two inputs that race for one key, and refuses the other", async () => {
  await using shop = await setUp();
  const idempotencyKey = crypto.randomUUID();
  const settled = await Promise.allSettled(
    Array.from({ length: 8 }, (_, index) =>
      shop.adjust(5, { idempotencyKey, itemId: index % 2 ? shop.itemId : shop.otherItemId }),
    ),
  );
  const refused = settled.filter((each) => each.status === "rejected");
  expect(refused).toHaveLength(4);
  for (const each of refused) expect(each.reason).toMatchObject({ code: "KEY_REUSED" });
  expect(await shop.sql`select sum(allotted)::int as units from items`).toEqual([{ units: 25 }]);
  expect(await reconcile(shop.database)).toMatchObject({ ok: true });
});

it("answers a replay when the same request was committed between its look-up and its own write", async () => {
  await using shop = await setUp();
  const idempotencyKey = crypto.randomUUID();
  const answer = await shop.sql.begin(async (sql) => {
    // On the other item, so that the lock on this one does not order the two.
    await sql`
      insert into stock_adjustments (id, item_id, change, allotted_after, remaining_after, reason, actor_id,
        idempotency_key, fingerprint, adjusted_at)
      values (${crypto.randomUUID()}, ${shop.otherItemId}, 5, 99, 99, 'counted', ${shop.operatorId}, ${idempotencyKey},
        ${`item=${shop.itemId}&change=5&reason=counted`}, now())
    `;
    const waiting = shop.adjust(5, { idempotencyKey });
    await eventually("it waits for its rival", () => isWaitingForLock(shop.sql));
    return { waiting };
  });
  expect(await answer.waiting).toMatchObject({ allotted: 99, remaining: 99, replayed: true });
  expect(await shop.stock()).toEqual({ allotted: 10, remaining: 10, version: 0 });
});

it("refuses a key with another input, also for an item that is not there", async () => {
  await using shop = await setUp();
  const idempotencyKey = crypto.randomUUID();
  await shop.adjust(5, { idempotencyKey });
  const others: Parameters<typeof shop.adjust>[] = [
    [6, { idempotencyKey }],
    [5, { idempotencyKey, reason: "found" }],
    [5, { idempotencyKey, itemId: 4_711 }],
  ];
  for (const other of others) await expect(shop.adjust(...other)).rejects.toMatchObject({ code: "KEY_REUSED" });
  expect(await shop.stock()).toMatchObject({ allotted: 15 });
});

it("withdraws no unit that is sold", async () => {
  await using shop = await setUp();
  const buyers = await makeBuyers(shop.database, 4);
  await settle(
    shop.database,
    buyers.map((userId) => ({
      id: crypto.randomUUID(),
      userId,
      itemId: shop.itemId,
      quantity: 1,
      idempotencyKey: crypto.randomUUID(),
    })),
  );
  await expect(shop.adjust(-7)).rejects.toMatchObject({
    code: "INSUFFICIENT_STOCK",
    message: expect.stringMatching(/Only 6 .* so 7 cannot/),
  });
  expect(await shop.adjust(-6)).toMatchObject({ allotted: 4, remaining: 0 });
  expect(await reconcile(shop.database)).toMatchObject({ ok: true });
});

it("withdraws from what is left exactly once when many withdraw at once", async () => {
  await using shop = await setUp();
  const settled = await Promise.allSettled(Array.from({ length: 8 }, () => shop.adjust(-3)));
  expect(settled.filter((each) => each.status === "fulfilled")).toHaveLength(3);
  expect(await shop.stock()).toEqual({ allotted: 1, remaining: 1, version: 3 });
  expect(await reconcile(shop.database)).toMatchObject({ ok: true });
});

it("gives no more units than the database can count", async () => {
  await using shop = await setUp();
  await shop.sql`update items set allotted = 2147483640, remaining = 2147483640 where id = ${shop.itemId}`;
  expect(await shop.adjust(7)).toMatchObject({ allotted: 2_147_483_647 });
  await expect(shop.adjust(1)).rejects.toMatchObject({ code: "INVALID_INPUT" });
});

it("is allowed before the start and in a pause, not after the end or when cancelled", async () => {
  await using scheduled = await setUp({ startsInMs: HOUR_MS, endsInMs: 2 * HOUR_MS });
  expect(await scheduled.adjust(1)).toMatchObject({ remaining: 11 });
  await using paused = await setUp();
  await pauseSale(paused.services, paused.operatorId, { saleId: paused.saleId });
  expect(await paused.adjust(1)).toMatchObject({ remaining: 11 });
  await cancelSale(paused.services, paused.operatorId, { saleId: paused.saleId });
  await expect(paused.adjust(1)).rejects.toMatchObject({ code: "NOT_ALLOWED_NOW" });
  await using ended = await setUp({ startsInMs: -2 * HOUR_MS, endsInMs: -HOUR_MS });
  await expect(ended.adjust(1)).rejects.toMatchObject({ code: "NOT_ALLOWED_NOW" });
});

it("answers a replay also after the sale is over", async () => {
  await using shop = await setUp();
  const idempotencyKey = crypto.randomUUID();
  const first = await shop.adjust(1, { idempotencyKey });
  await cancelSale(shop.services, shop.operatorId, { saleId: shop.saleId });
  expect(await shop.adjust(1, { idempotencyKey })).toEqual({ ...first, replayed: true });
});

it("loses neither a pause nor an adjustment when they race, and no lock waits for ever", async () => {
  await using shop = await setUp();
  await Promise.all([
    ...Array.from({ length: 6 }, () => shop.adjust(1)),
    ...Array.from({ length: 6 }, () => shop.adjust(1, { itemId: shop.otherItemId })),
    pauseSale(shop.services, shop.operatorId, { saleId: shop.saleId }),
  ]);
  expect(await shop.stock()).toEqual({ allotted: 16, remaining: 16, version: 6 });
  expect(await shop.sql`select paused_at is not null as paused, version::int from sales`).toEqual([
    { paused: true, version: 1 },
  ]);
  expect(await reconcile(shop.database)).toMatchObject({ ok: true });
});

it("knows no item that is not there", async () => {
  await using shop = await setUp();
  await expect(shop.adjust(1, { itemId: 4_711 })).rejects.toMatchObject({ code: "NOT_FOUND" });
});

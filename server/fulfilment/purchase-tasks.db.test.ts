import { afterAll, beforeAll, expect, it } from "vitest";
import { causesOf } from "../database/causes-of.ts";
import { ConnectionLostError } from "../database/errors.ts";
import { reconcile } from "../operations/reconcile.ts";
import { PurchaseBatcher } from "../purchases/buy.ts";
import { refund } from "../purchases/refund.ts";
import { storedKey } from "../purchases/stored.ts";
import { recordingLiveSales } from "../sales/live/live-sales.fixture.ts";
import { returnDueLeftovers } from "../sales/return-due-leftovers.ts";
import { makeBuyers, makeOperator, makeSale } from "../testing/factories.ts";
import { createTestDatabase, type TestDatabase } from "../testing/test-database.ts";
import { purchaseTasks } from "./purchase-tasks.ts";

/** Tasks of purchases are derived from positions: each once, whoever derives, and whatever is refunded meanwhile. */
let test: TestDatabase;
let operator: string;

beforeAll(async () => {
  test = await createTestDatabase({ poolSize: 8 });
  operator = await makeOperator(test.database);
});

afterAll(async () => {
  expect(await reconcile(test.database)).toMatchObject({ ok: true });
  await test[Symbol.asyncDispose]();
});

it("makes the task of a purchase: what is to be sent, under the purchase's id, with the trace of its key", async () => {
  const key = crypto.randomUUID();
  const { itemId, productId } = await onSale();
  const [first, second] = [await buy(itemId, { key, quantity: 3 }), await buy(itemId, { key: "mine" })];
  expect(await derive()).toBe(2);
  const hashed = storedKey({ userId: second.userId, idempotencyKey: "mine" });
  expect(await tasksOf(itemId)).toEqual([
    {
      ...{ task_id: first.id, kind: "dispatch", status: "PENDING", trace_id: key.replaceAll("-", "") },
      payload: { reference: first.id, purchaseId: first.id, lines: [{ productId, quantity: 3 }] },
    },
    {
      ...{ task_id: second.id, kind: "dispatch", status: "PENDING", trace_id: hashed.replaceAll("-", "") },
      payload: { reference: second.id, purchaseId: second.id, lines: [{ productId, quantity: 1 }] },
    },
  ]);
  expect(await derive()).toBe(0);
});

it("makes each task once while a crowd buys, several processes derive, and some of them die", async () => {
  const { itemId } = await onSale({ stock: 400 });
  const others = await Promise.all([test.open(), test.open()]);
  const buyers = await makeBuyers(test.database, 200);
  const batcher = new PurchaseBatcher(test.database);
  let isBuying = true;
  const deriving = [test.database, ...others].map(async (database) => {
    const source = purchaseTasks(database);
    while (isBuying) {
      // One that dies may do so at any statement; the next round takes up what it left.
      await source.derive().catch((error: unknown) => {
        if (!causesOf(error).some((cause) => cause instanceof ConnectionLostError)) throw error;
      });
      await test.sql`
        select pg_terminate_backend(pid) from pg_stat_activity
        where application_name = 'doorbuster' and query like '%insert into tasks%' and state = 'active' and random() < 0.2`;
    }
  });
  for (let round = 0; round < 4; round++) {
    await Promise.all(
      buyers.map((userId) => batcher.buy({ userId, itemId, quantity: 1, idempotencyKey: crypto.randomUUID() })),
    );
  }
  isBuying = false;
  await Promise.all(deriving);
  await derive();
  const [counted] = await test.sql`
    select count(*)::int as tasks, count(distinct task_id)::int as purchases, (select position::int from dispatch_cursors
      where item_id = ${itemId}) as cursor
    from tasks where task_id in (select id::text from purchase_attempts where item_id = ${itemId})`;
  expect(counted).toEqual({ tasks: 400, purchases: 400, cursor: 400 });
});

it("goes on where it stood, at most a thousand positions a time, past whatever was refunded", async () => {
  const { itemId } = await onSale({ stock: 2_100 });
  const buyers = await makeBuyers(test.database, 2_100);
  const batcher = new PurchaseBatcher(test.database);
  await Promise.all(
    buyers.map((userId) => batcher.buy({ userId, itemId, quantity: 1, idempotencyKey: crypto.randomUUID() })),
  );
  const refunded = await test.sql`
    select id from purchase_attempts where item_id = ${itemId} and position in (1, 1000, 1001, 2100)`;
  for (const { id } of refunded) expect(await refundOf(id)).toMatchObject({ unitsReturned: true });
  expect([await derive(), await derive(), await derive(), await derive()]).toEqual([1_000, 1_000, 100, 0]);
  expect(await tasksOf(itemId)).toHaveLength(2_096);
});

it("gives the units back, or dispatches them, when refunds and deriving meet", async () => {
  const { itemId } = await onSale({ stock: 40 });
  const others = [await test.open(), await test.open()];
  const bought = [];
  for (let count = 0; count < 40; count++) bought.push(await buy(itemId));
  const results = await Promise.all([
    ...bought.map(({ id }) => refundOf(id)),
    ...others.map((database) => purchaseTasks(database).derive()),
  ]);
  await derive();
  // Nobody has claimed anything, so every one of them could still be cancelled.
  for (const result of results.slice(0, 40)) expect(result).toMatchObject({ outcome: "refunded", unitsReturned: true });
  for (const task of await tasksOf(itemId)) expect(task.status).toBe("CANCELLED");
  const [item] = await test.sql`select remaining, allotted from items where id = ${itemId}`;
  expect(item).toEqual({ remaining: 40, allotted: 40 });
});

it("never looks again at an item whose sale is over, once all its purchases have their tasks", async () => {
  const { itemId } = await onSale();
  const isClosed = async () => {
    const [cursor] = await test.sql`select is_closed from dispatch_cursors where item_id = ${itemId}`;
    return cursor?.is_closed;
  };
  await derive();
  expect(await isClosed()).toBe(false);
  await buy(itemId);
  await test.sql`update sales set ends_at = clock_timestamp() where id = (select sale_id from items where id = ${itemId})`;
  await returnDueLeftovers({ database: test.database, liveSales: recordingLiveSales() });
  expect(await derive()).toBe(1);
  expect(await isClosed()).toBe(false);
  expect(await derive()).toBe(0);
  expect(await isClosed()).toBe(true);
  expect(await tasksOf(itemId)).toHaveLength(1);
});

async function onSale({ stock = 10 } = {}) {
  const { itemIds } = await makeSale(test.database, [{ stock }]);
  const [itemId = 0] = itemIds;
  const [item] = await test.sql`select product_id::int as id from items where id = ${itemId}`;
  return { itemId, productId: item?.id as number };
}

async function buy(itemId: number, { key = crypto.randomUUID() as string, quantity = 1 } = {}) {
  const [userId = ""] = await makeBuyers(test.database, 1);
  const result = await new PurchaseBatcher(test.database).buy({ userId, itemId, quantity, idempotencyKey: key });
  if (result.outcome !== "purchased") throw new Error(result.message);
  return { id: result.purchaseId, userId };
}

function derive() {
  return purchaseTasks(test.database).derive();
}

function refundOf(purchaseId: string) {
  const services = { database: test.database, liveSales: recordingLiveSales() };
  return refund(services, operator, { purchaseId, idempotencyKey: crypto.randomUUID() });
}

async function tasksOf(itemId: number) {
  return test.sql`
    select task_id, kind, status, trace_id, payload
    from tasks
    join purchase_attempts on purchase_attempts.id::text = task_id
    where item_id = ${itemId}
    order by position`;
}

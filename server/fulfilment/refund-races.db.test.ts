import { expect, it } from "vitest";
import { refundOrder } from "../orders/refund.ts";
import { PurchaseBatcher } from "../purchases/buy.ts";
import { refund } from "../purchases/refund.ts";
import { recordingLiveSales } from "../sales/live/live-sales.fixture.ts";
import { eventually } from "../testing/eventually.ts";
import { makeBuyers, makeOperator, makeProducts, makeSale } from "../testing/factories.ts";
import { createTestDatabase, type TestDatabase } from "../testing/test-database.ts";
import { FakeWarehouse } from "./fake-warehouse.fixture.ts";
import { allDone, expectAgreement, startTestWorker } from "./workers.fixture.ts";

/** Refunds and workers meet over the same tasks: each unit goes back or goes out, and never both. */

const COUNT = 60;

it.each([
  ["the warehouse answers", 0],
  ["some answers are lost", 0.3],
])("gives each purchase's units back or sends them out while refunds meet two workers: %s", async (_, lostShare) => {
  await using test = await createTestDatabase({ poolSize: 8 });
  const operator = await makeOperator(test.database);
  const services = { database: test.database, liveSales: recordingLiveSales() };
  const warehouse = new FlakyWarehouse();
  await untilBothHappened(async () => {
    const { purchaseIds, productId } = await sell(test);
    await receiveAll(test, warehouse, productId);
    warehouse.lostShare = lostShare;
    const results = await meet(test, warehouse, () =>
      purchaseIds.map((purchaseId) => refund(services, operator, { purchaseId, idempotencyKey: crypto.randomUUID() })),
    );
    const sent = warehouse.sent();
    return results.map((result) => {
      if (result.outcome !== "refunded") throw new Error(result.message);
      const { purchaseId, unitsReturned } = result;
      expect([purchaseId, unitsReturned]).toEqual([purchaseId, !sent.has(purchaseId)]);
      return unitsReturned;
    });
  });
  await expectAgreement(test, warehouse.onHand);
});

it("gives each order's units back or sends them out while refunds meet two workers", async () => {
  await using test = await createTestDatabase({ poolSize: 8 });
  const operator = await makeOperator(test.database);
  const warehouse = new FlakyWarehouse();
  const buyers = await makeBuyers(test.database, COUNT, { balanceCents: 1_000 });
  await untilBothHappened(async () => {
    const [productId = 0] = await makeProducts(test.database, [{ units: COUNT, priceCents: 1_000 }]);
    await receiveAll(test, warehouse, productId);
    warehouse.lostShare = 0.2;
    const orders = await test.sql`
      select (process_order(id, ${productId}, 1, gen_random_uuid()::text)).order_id::int as id
      from unnest(${buyers}::uuid[]) as id`;
    await meet(test, warehouse, () =>
      orders.map(({ id: orderId }) =>
        refundOrder(test.database, operator, { orderId, reason: "r", idempotencyKey: crypto.randomUUID() }),
      ),
    );
    const sent = warehouse.sent();
    const rows = await test.sql`
      select 'order-' || order_id as key, units_returned from order_refunds
      where order_id = any(${orders.map(({ id }) => id)}::bigint[])`;
    expect(rows).toHaveLength(COUNT);
    for (const { key, units_returned: unitsReturned } of rows) {
      expect([key, unitsReturned]).toEqual([key, !sent.has(key)]);
    }
    return rows.map((row) => row.units_returned as boolean);
  });
  const [money] = await test.sql`select sum(balance_cents)::int as cents from wallets where user_id = any(${buyers})`;
  expect(money?.cents).toBe(COUNT * 1_000);
  await expectAgreement(test, warehouse.onHand);
});

/** Refunds and workers start together; afterwards everything is done. */
async function meet<T>(test: TestDatabase, warehouse: FlakyWarehouse, refunds: () => Promise<T>[]): Promise<T[]> {
  const starting = [startTestWorker(test, warehouse), startTestWorker(test, warehouse)];
  const results = await Promise.all(refunds());
  await using _one = await starting[0];
  await using _two = await starting[1];
  warehouse.lostShare = 0;
  await allDone(test);
  return results;
}

/** A race that one side always wins shows nothing: rounds follow until units have gone back and gone out. */
async function untilBothHappened(round: () => Promise<boolean[]>): Promise<void> {
  const seen = new Set<boolean>();
  for (let rounds = 0; rounds < ROUNDS_MAX && seen.size < 2; rounds++) for (const was of await round()) seen.add(was);
  expect(seen).toEqual(new Set([true, false]));
}

const ROUNDS_MAX = 20;

/** Loses a share of its answers, after it has done what it was asked for. */
class FlakyWarehouse extends FakeWarehouse {
  lostShare = 0;

  override dispatch(...args: Parameters<FakeWarehouse["dispatch"]>) {
    this.isDown = Math.random() < this.lostShare ? "after" : false;
    return super.dispatch(...args);
  }

  /** The keys of all dispatches that have ever reached it. */
  sent(): ReadonlySet<string> {
    return new Set(this.calls.filter(({ operation }) => operation === "dispatch").map(({ call }) => call.key));
  }
}

async function sell(test: TestDatabase) {
  const { itemIds } = await makeSale(test.database, [{ stock: COUNT }]);
  const [itemId = 0] = itemIds;
  const batcher = new PurchaseBatcher(test.database);
  const buyers = await makeBuyers(test.database, COUNT);
  const results = await Promise.all(
    buyers.map((userId) => batcher.buy({ userId, itemId, quantity: 1, idempotencyKey: crypto.randomUUID() })),
  );
  const [item] = await test.sql`select product_id::int as id from items where id = ${itemId}`;
  return {
    productId: item?.id as number,
    purchaseIds: results.flatMap((result) => ("purchaseId" in result ? [result.purchaseId] : [])),
  };
}

async function receiveAll(test: TestDatabase, warehouse: FakeWarehouse, productId: number): Promise<void> {
  await using _worker = await startTestWorker(test, warehouse, ["receive"]);
  await eventually("the goods are in", async () => {
    const [open] = await test.sql`select from tasks where kind = 'receive' and status <> 'COMPLETED'`;
    return !open && warehouse.onHand.has(productId);
  });
}

import { afterAll, beforeAll, expect, it } from "vitest";
import type { Services } from "../app/services.ts";
import { reconcile } from "../operations/reconcile.ts";
import { cancelSale } from "../sales/cancel.ts";
import { recordingLiveSales } from "../sales/live/live-sales.fixture.ts";
import { returnDueLeftovers } from "../sales/return-due-leftovers.ts";
import { makeBuyers, makeOperator, makeSale } from "../testing/factories.ts";
import { createTestDatabase, type TestDatabase } from "../testing/test-database.ts";
import { PurchaseBatcher } from "./buy.ts";
import { refund } from "./refund.ts";

/** Where refunded units go: to the item while its sale goes on, to the inventory when it is over. */
let test: TestDatabase;
let operator: string;
let services: Pick<Services, "database" | "liveSales">;

beforeAll(async () => {
  test = await createTestDatabase({ poolSize: 8 });
  operator = await makeOperator(test.database);
  services = { database: test.database, liveSales: recordingLiveSales() };
});

afterAll(async () => {
  expect(await reconcile(test.database)).toMatchObject({ ok: true });
  await test[Symbol.asyncDispose]();
});

it("gives the units to the item while its sale goes on", async () => {
  const sold = await sell({ stock: 10, buyers: 1, quantity: 3 });
  expect(await refundOf(sold.purchaseIds[0])).toMatchObject({ outcome: "refunded", remaining: 10 });
  expect(await stockOf(sold.itemId)).toEqual({ allotted: 10, remaining: 10, last_position: "1", inventory: 0 });
});

it("gives the units to the inventory when the sale has ended, before and after its leftovers went there", async () => {
  const sold = await sell({ stock: 10, buyers: 2, quantity: 3 });
  await end(sold.saleId);
  expect(await refundOf(sold.purchaseIds[0])).toMatchObject({ outcome: "refunded", quantity: 3, remaining: 4 });
  expect(await stockOf(sold.itemId)).toEqual({ allotted: 7, remaining: 4, last_position: "2", inventory: 3 });
  await returnDueLeftovers(services);
  expect(await stockOf(sold.itemId)).toEqual({ allotted: 3, remaining: 0, last_position: "2", inventory: 7 });
  expect(await refundOf(sold.purchaseIds[1], "last")).toMatchObject({ outcome: "refunded", remaining: 0 });
  expect(await stockOf(sold.itemId)).toEqual({ allotted: 0, remaining: 0, last_position: "2", inventory: 10 });
  expect(await refundOf(sold.purchaseIds[1], "last")).toMatchObject({ outcome: "refunded", replayed: true });
  expect(await refundOf(sold.purchaseIds[1])).toMatchObject({ code: "ALREADY_REFUNDED" });
  expect(await stockOf(sold.itemId)).toMatchObject({ inventory: 10 });
  const audited = await test.sql`select details ->> 'unitsTo' as units_to from audit_log
    where subject = ${`purchase:${sold.purchaseIds[1]}`}`;
  expect(audited).toEqual([{ units_to: "inventory" }]);
});

it("gives the units to the inventory when the sale was cancelled", async () => {
  const sold = await sell({ stock: 5, buyers: 1, quantity: 2 });
  await cancelSale(services, operator, { saleId: sold.saleId });
  expect(await refundOf(sold.purchaseIds[0])).toMatchObject({ outcome: "refunded" });
  expect(await stockOf(sold.itemId)).toEqual({ allotted: 0, remaining: 0, last_position: "1", inventory: 5 });
});

it("loses and doubles no unit when refunds and the return of what is left meet", async () => {
  for (let round = 0; round < 5; round++) {
    const sold = await sell({ stock: 30, buyers: 10, quantity: 2 });
    await end(sold.saleId);
    const [returned] = await Promise.all([
      Promise.all([returnDueLeftovers(services), returnDueLeftovers(services)]),
      ...sold.purchaseIds.flatMap((id) => [refundOf(id), refundOf(id)]),
    ]);
    expect(returned).toHaveLength(2);
    expect(await stockOf(sold.itemId)).toEqual({ allotted: 0, remaining: 0, last_position: "10", inventory: 30 });
  }
});

async function sell({ stock, buyers, quantity }: { stock: number; buyers: number; quantity: number }) {
  const { saleId, itemIds } = await makeSale(test.database, [{ stock }]);
  const [itemId = 0] = itemIds;
  const batcher = new PurchaseBatcher(test.database);
  const results = await Promise.all(
    (await makeBuyers(test.database, buyers)).map((userId) =>
      batcher.buy({ userId, itemId, quantity, idempotencyKey: crypto.randomUUID() }),
    ),
  );
  return {
    saleId,
    itemId,
    purchaseIds: results.flatMap((result) => ("purchaseId" in result ? result.purchaseId : [])),
  };
}

function refundOf(purchaseId = "", idempotencyKey: string = crypto.randomUUID()) {
  return refund(services, operator, { purchaseId, idempotencyKey });
}

async function end(saleId: number) {
  await test.sql`update sales set ends_at = clock_timestamp() where id = ${saleId}`;
}

async function stockOf(itemId: number) {
  const [row] = await test.sql`
    select allotted, remaining, last_position, inventory.units as inventory
    from items join inventory using (product_id, warehouse_id)
    where items.id = ${itemId}
  `;
  return row;
}

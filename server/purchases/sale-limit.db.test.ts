import { expect, it } from "vitest";
import type { PurchaseResult } from "../../shared/purchases.ts";
import { runNew } from "../operations/reconcile.fixture.ts";
import { reconcile } from "../operations/reconcile.ts";
import { recordingLiveSales } from "../sales/live/live-sales.fixture.ts";
import { makeBuyer, makeBuyers, makeOperator, makeSale } from "../testing/factories.ts";
import { createTestDatabase } from "../testing/test-database.ts";
import { PurchaseBatcher } from "./buy.ts";
import { refund } from "./refund.ts";

const codeOf = (result: PurchaseResult) => (result.outcome === "refused" ? result.code : result.outcome);

function buyer(batcher: PurchaseBatcher, userId: string) {
  return (itemId: number, quantity = 1) =>
    batcher.buy({ userId, itemId, quantity, idempotencyKey: crypto.randomUUID() });
}

it("counts a buyer's units over all items of the sale, those that were given back not, and of no other sale", async () => {
  await using test = await createTestDatabase();
  const { itemIds } = await makeSale(test.database, [{ stock: 9, limitPerCustomer: 2 }, { stock: 9 }, { stock: 0 }], {
    limitPerCustomer: 3,
  });
  const [one = 0, two = 0, soldOut = 0] = itemIds;
  const elsewhere = (await makeSale(test.database, [{ stock: 9 }])).itemIds[0] ?? 0;
  const buy = buyer(new PurchaseBatcher(test.database), await makeBuyer(test.database));

  expect(codeOf(await buy(elsewhere, 5))).toBe("purchased");
  expect(await buy(two, 4)).toMatchObject({
    code: "SALE_LIMIT_REACHED",
    message: "One buyer may have 3 from this sale, and you asked for 4.",
  });
  const first = await buy(one, 2);
  expect(codeOf(first)).toBe("purchased");
  expect(await buy(two, 2)).toMatchObject({
    code: "SALE_LIMIT_REACHED",
    message: "One buyer may have 3 from this sale. You have 2 and asked for 2 more.",
  });
  expect(codeOf(await buy(two))).toBe("purchased");
  // In the order of the table: stock, the item's own limit, the sale's.
  expect(codeOf(await buy(soldOut))).toBe("OUT_OF_STOCK");
  expect(codeOf(await buy(one))).toBe("LIMIT_REACHED");
  expect(await buy(two)).toMatchObject({
    message: "You already have 3 from this sale, the most that one buyer may have.",
  });

  const services = { database: test.database, liveSales: recordingLiveSales() };
  const purchaseId = first.outcome === "purchased" ? first.purchaseId : "";
  await refund(services, await makeOperator(test.database), { purchaseId, idempotencyKey: "r" });
  expect(codeOf(await buy(two, 2))).toBe("purchased");
  expect(codeOf(await buy(one))).toBe("SALE_LIMIT_REACHED");
  for (const run of [await reconcile(test.database), await runNew(test)]) expect(run).toMatchObject({ ok: true });
});

it("lets nobody over it who buys all items at once, by several processes on connections of their own", async () => {
  await using test = await createTestDatabase();
  const { itemIds } = await makeSale(test.database, [{ stock: 100 }, { stock: 100 }, { stock: 100 }], {
    limitPerCustomer: 2,
  });
  const buyers = await makeBuyers(test.database, 12);
  const processes = await Promise.all([1, 2, 3].map(async () => new PurchaseBatcher(await test.open())));
  const results = await Promise.all(
    processes.flatMap((batcher) => buyers.flatMap((userId) => itemIds.map((itemId) => buyer(batcher, userId)(itemId)))),
  );
  expect(results.filter(({ outcome }) => outcome === "purchased")).toHaveLength(2 * buyers.length);
  expect(results.filter((result) => codeOf(result) === "SALE_LIMIT_REACHED")).toHaveLength(7 * buyers.length);
  const [most] = await test.sql`
    select max(units)::int as units, count(*)::int as buyers
    from (select sum(quantity) as units from purchase_attempts where position is not null group by user_id) as held`;
  expect(most).toEqual({ units: 2, buyers: buyers.length });
  for (const run of [await reconcile(test.database), await runNew(test)]) expect(run).toMatchObject({ ok: true });
});

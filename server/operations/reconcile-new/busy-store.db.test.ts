import { expect, it } from "vitest";
import { purchaseTasks } from "../../fulfilment/purchase-tasks.ts";
import { PurchaseBatcher } from "../../purchases/buy.ts";
import { refund } from "../../purchases/refund.ts";
import { adjustStock } from "../../sales/adjust-stock.ts";
import { recordingLiveSales } from "../../sales/live/live-sales.fixture.ts";
import { pauseSale } from "../../sales/pause.ts";
import { resumeSale } from "../../sales/resume.ts";
import { makeBuyers, makeOperator, makeProducts, makeSale } from "../../testing/factories.ts";
import { createTestDatabase } from "../../testing/test-database.ts";
import { creditWallet } from "../../wallets/credit-wallet.ts";
import { brokenIn, runNew } from "../reconcile.fixture.ts";
import { reconcile } from "../reconcile.ts";

/** Of each kind of work. */
const ROUNDS = 25;

it("a busy store never looks broken, whatever is under way while it is looked at", async () => {
  await using test = await createTestDatabase();
  const { saleId, itemIds } = await makeSale(test.database, [{ stock: 60 }, { stock: 1_000, limitPerCustomer: 30 }]);
  const [itemId = 0] = itemIds;
  const [productId = 0] = await makeProducts(test.database, [{ units: 50, priceCents: 10 }]);
  const buyers = await makeBuyers(test.database, 8);
  const operator = await makeOperator(test.database);
  const key = () => crypto.randomUUID();
  const any = <T>(of: readonly T[]): T => of[Math.floor(Math.random() * of.length)] as T;
  const bought: string[] = [];
  const orders: number[] = [];

  /** Does it again and again, beside all others, on connections of its own. */
  const keepOn = async (work: (services: Parameters<typeof refund>[0]) => Promise<unknown>) => {
    const services = { database: await test.open({ poolSize: 2 }), liveSales: recordingLiveSales() };
    for (let round = 0; round < ROUNDS; round++) await work(services);
  };
  const shopping = [0, 1].map(async () => {
    const batcher = new PurchaseBatcher(await test.open({ poolSize: 2 }));
    for (let round = 0; round < ROUNDS; round++) {
      const wished = Array.from({ length: 6 }, () => ({ userId: any(buyers), itemId: any(itemIds) }));
      const results = await Promise.all(
        wished.map((wish) => batcher.buy({ ...wish, quantity: 1, idempotencyKey: key() })),
      );
      for (const result of results) if (result.outcome === "purchased") bought.push(result.purchaseId);
    }
  });
  const working = Promise.all([
    ...shopping,
    keepOn(async (services) => {
      const purchaseId = bought.pop();
      if (purchaseId) await refund(services, operator, { purchaseId, idempotencyKey: key() });
    }),
    keepOn(async ({ database }) => {
      const [order] =
        await test.sql`select order_id::int as id from process_order(${any(buyers)}, ${productId}, 1, ${key()})`;
      if (order?.id) orders.push(order.id);
      const given = orders.length > 2 ? orders.shift() : undefined;
      if (given) await test.sql`select cancel_order(${given}, ${operator}, 'changed my mind', ${key()})`;
      const credit = { kind: "top_up", amountCents: 5, reason: "", actorId: operator, idempotencyKey: key() } as const;
      await database.withTransaction((tx) => creditWallet(tx, { ...credit, userId: any(buyers) }));
    }),
    keepOn((services) =>
      adjustStock(services, operator, { itemId, change: any([-1, 2]), reason: "found", idempotencyKey: key() }).catch(
        () => {},
      ),
    ),
    keepOn(async (services) => {
      await pauseSale(services, operator, { saleId });
      await resumeSale(services, operator, { saleId });
    }),
    keepOn(({ database }) => purchaseTasks(database).derive()),
  ]).then(() => true);

  const runs = [];
  let isOver = false;
  working.finally(() => {
    isOver = true;
  });
  // Some look at everything new, some at a little of it.
  while (!isOver) runs.push(await runNew(test, any([5, 50, 1_000])));
  await working;
  do runs.push(await runNew(test, 1_000));
  while (runs.at(-1)?.isPartial);

  expect(runs.flatMap(({ checks }) => checks.filter(({ ok }) => !ok))).toEqual([]);
  expect(runs.length).toBeGreaterThan(5);
  expect(bought.length).toBeGreaterThan(0);
  expect(brokenIn(await reconcile(test.database))).toEqual([]);
});

import { expect, it } from "vitest";
import { PurchaseBatcher } from "../purchases/buy.ts";
import { taskById } from "../tasks/by-id.ts";
import { eventually } from "../testing/eventually.ts";
import { makeItem, makeOperator } from "../testing/factories.ts";
import { createTestDatabase, type TestDatabase } from "../testing/test-database.ts";
import { credit } from "../wallets/credit.ts";
import { FakeWarehouse } from "./fake-warehouse.fixture.ts";
import {
  balanceOf,
  buyOne,
  expectReconciled,
  isAllDone,
  placeOrderOf,
  startTestWorker,
  taskOf,
} from "./workers.fixture.ts";

it.each(["order", "purchase"] as const)(
  "keeps trying to give %s money back that the wallet cannot hold, says why, and does it once the buyer has spent some",
  async (what) => {
    await using test = await createTestDatabase();
    const warehouse = new FakeWarehouse();
    const sold = what === "order" ? await orderOf(test) : await purchaseOf(test);
    const neighbour = await placeOrderOf(test);
    {
      await using _worker = await startTestWorker(test, warehouse, ["receive"]);
      await eventually("the goods are in", () => goodsAreIn(test));
    }
    warehouse.onHand.set(sold.productId, 1);
    await fillWallet(test, sold.userId);
    await using _worker = await startTestWorker(test, warehouse);

    // Tried more than once, and neither once for all nor at the cost of others.
    await eventually("it was tried twice", async () => {
      const { status, attempts } = await taskOf(test, sold.taskId);
      await test.sql`update tasks set due_at = clock_timestamp() where status = 'FAILED'`;
      return status === "FAILED" && attempts >= 2;
    });
    await eventually("the neighbour is sent out", async () => {
      return (await taskOf(test, neighbour.taskId)).status === "COMPLETED";
    });
    expect(await taskOf(test, sold.taskId)).toMatchObject({ result: null });
    // What an operator reads beside the task, and in its log for each attempt.
    const seen = await taskById(test.database, sold.taskId);
    expect(seen.errorMessage).toContain("The wallet cannot hold that much.");
    expect(
      seen.log.filter(({ event, message }) => event === "failed" && message?.includes("hold that much")).length,
    ).toBeGreaterThanOrEqual(2);
    expect(await balanceOf(test, sold.userId)).toBe(Number.MAX_SAFE_INTEGER);
    expect(await givenBackTo(test, sold.userId)).toBe(0);
    await expectReconciled(test);

    await spend(test, sold.userId, 5_000);
    await eventually("everything is done", async () => {
      await test.sql`update tasks set due_at = clock_timestamp() where status = 'FAILED'`;
      return isAllDone(test);
    });
    expect(await taskOf(test, sold.taskId)).toMatchObject({ result: { outcome: "refused", replayed: true } });
    expect(await balanceOf(test, sold.userId)).toBe(Number.MAX_SAFE_INTEGER - 5_000 + 3_000);
    expect(await givenBackTo(test, sold.userId)).toBe(1);
    await expectReconciled(test);
  },
);

/** Of three units for 3,000 cents, as the purchase. */
async function orderOf(test: TestDatabase) {
  const { customerId, productId, taskId } = await placeOrderOf(test);
  return { userId: customerId, productId, taskId };
}

async function purchaseOf(test: TestDatabase) {
  const { userId, productId, purchaseId } = await buyOne(test);
  return { userId, productId, taskId: purchaseId };
}

async function goodsAreIn(test: TestDatabase): Promise<boolean> {
  const [open] = await test.sql`select from tasks where kind = 'receive' and status <> 'COMPLETED'`;
  return !open;
}

/** To the last cent that it holds. */
async function fillWallet(test: TestDatabase, userId: string): Promise<void> {
  const amountCents = Number.MAX_SAFE_INTEGER - (await balanceOf(test, userId));
  const operator = await makeOperator(test.database);
  await credit(test.database, operator, { userId, amountCents, reason: "A jackpot", idempotencyKey: "full" });
}

async function spend(test: TestDatabase, userId: string, priceCents: number): Promise<void> {
  const itemId = await makeItem(test.database, { stock: 1, priceCents });
  const bought = await new PurchaseBatcher(test.database).buy({ userId, itemId, quantity: 1, idempotencyKey: "spent" });
  if (bought.outcome !== "purchased") throw new Error(bought.message);
}

/** How often something was given back to somebody. */
async function givenBackTo(test: TestDatabase, userId: string): Promise<number> {
  const rows = await test.sql`
    select from refunds where user_id = ${userId}
    union all
    select from order_refunds join orders on orders.id = order_id where orders.customer_id = ${userId}`;
  return rows.length;
}

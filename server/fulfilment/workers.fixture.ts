import { expect } from "vitest";
import type { Task, TaskKind } from "../../shared/tasks.ts";
import { reconcile } from "../operations/reconcile.ts";
import { PurchaseBatcher } from "../purchases/buy.ts";
import { createTasks } from "../tasks/tasks.ts";
import { Worker } from "../tasks/worker.ts";
import { eventually } from "../testing/eventually.ts";
import { makeBuyer, makeProducts, makeSale } from "../testing/factories.ts";
import type { TestDatabase } from "../testing/test-database.ts";
import type { WarehouseClient } from "../warehouse/client/warehouse-client.ts";
import { dispatchHandler } from "./dispatch-handler.ts";
import { purchaseTasks } from "./purchase-tasks.ts";
import { receiveHandler } from "./receive-handler.ts";

export function handlersFor(test: TestDatabase, warehouse: WarehouseClient, kinds: readonly TaskKind[] = KINDS) {
  const { database, schema } = test;
  const handlers = {
    dispatch: dispatchHandler({ database, schema, warehouse }),
    receive: receiveHandler({ warehouse }),
  };
  return Object.fromEntries(Object.entries(handlers).filter(([kind]) => kinds.includes(kind as TaskKind)));
}

/** A worker of the test's, stopped with it. Several of one test stand for as many processes. */
export async function startTestWorker(
  test: TestDatabase,
  warehouse: WarehouseClient,
  kinds?: readonly TaskKind[],
): Promise<AsyncDisposable> {
  const database = await test.open();
  const worker = new Worker({
    database,
    databaseUrl: test.url,
    schema: test.schema,
    handlers: handlersFor({ ...test, database }, warehouse, kinds),
    sources: [purchaseTasks(database)],
    instance: `worker-${crypto.randomUUID()}`,
    pollMs: 50,
    graceMs: 500,
    onError: () => {},
  });
  await worker.listening;
  return { [Symbol.asyncDispose]: () => worker.close() };
}

/** What a web process has of tasks. */
export function tasksFor(test: TestDatabase, warehouse: WarehouseClient) {
  return createTasks({
    database: test.database,
    schema: test.schema,
    handlers: handlersFor(test, warehouse),
    instance: `web-${crypto.randomUUID()}`,
    onError: () => {},
  });
}

/** Until nothing that was sold or received waits any more. */
export async function allDone(test: TestDatabase): Promise<void> {
  await eventually("everything is done", () => isAllDone(test));
}

export async function isAllDone(test: TestDatabase): Promise<boolean> {
  const [open] = await test.sql`
    select from tasks where status not in ('COMPLETED', 'CANCELLED')
    union all
    select from items join dispatch_cursors on item_id = id where last_position > position`;
  return !open;
}

/** Shop and warehouse agree, product by product, and the shop with itself. Only once everything is done. */
export async function expectAgreement(test: TestDatabase, onHand: ReadonlyMap<number, number>): Promise<void> {
  const rows = await test.sql<{ productId: number; units: number }[]>`
    select product_id::int as "productId", sum(units)::int as units
    from (
      select product_id, units from inventory
      union all
      select product_id, remaining from items
    ) as promised
    group by product_id`;
  expect(new Map(rows.map(({ productId, units }) => [productId, units]))).toEqual(onHand);
  await expectReconciled(test);
}

export async function expectReconciled(test: TestDatabase): Promise<void> {
  const { checks } = await reconcile(test.database);
  expect(checks.filter(({ ok }) => !ok)).toEqual([]);
}

export async function taskOf(test: TestDatabase, taskId: string): Promise<Pick<Task, "status" | "attempts"> & Row> {
  const [row] = await test.sql`
    select status, attempts, result, error_message, trace_id from tasks where task_id = ${taskId}`;
  if (!row) throw new Error(`there is no task ${taskId}`);
  return row as never;
}

interface Row {
  result: Record<string, unknown> | null;
  error_message: string | null;
  trace_id: string;
}

/** An order of one product of its own, placed as any client of the database does. */
export async function placeOrderOf(test: TestDatabase, { units = 10, quantity = 3 } = {}) {
  const customerId = await makeBuyer(test.database, { balanceCents: 100_000 });
  const [productId = 0] = await makeProducts(test.database, [{ units, priceCents: 1_000 }]);
  const [row] =
    await test.sql`select order_id::int as id from process_order(${customerId}, ${productId}, ${quantity}, 'r')`;
  return { customerId, productId, orderId: row?.id as number, taskId: `order-${row?.id}` };
}

/** A purchase in a sale of its own. */
export async function buyOne(test: TestDatabase, { stock = 10, quantity = 3 } = {}) {
  const userId = await makeBuyer(test.database, { balanceCents: 100_000 });
  const { saleId, itemIds } = await makeSale(test.database, [{ stock, priceCents: 1_000 }]);
  const [itemId = 0] = itemIds;
  const [item] = await test.sql`select product_id::int as id from items where id = ${itemId}`;
  const batcher = new PurchaseBatcher(test.database);
  const result = await batcher.buy({ userId, itemId, quantity, idempotencyKey: crypto.randomUUID() });
  if (result.outcome !== "purchased") throw new Error(result.message);
  return { userId, saleId, itemId, productId: item?.id as number, purchaseId: result.purchaseId };
}

export async function balanceOf(test: TestDatabase, userId: string): Promise<number> {
  const [row] = await test.sql`select balance_cents::float8 as cents from wallets where user_id = ${userId}`;
  return row?.cents;
}

const KINDS: readonly TaskKind[] = ["dispatch", "receive"];

import type { ReconcileRun } from "../../shared/operations.ts";
import { purchaseTasks } from "../fulfilment/purchase-tasks.ts";
import { PurchaseBatcher } from "../purchases/buy.ts";
import { refund } from "../purchases/refund.ts";
import { recordingLiveSales } from "../sales/live/live-sales.fixture.ts";
import { makeBuyers, makeOperator, makeProducts, makeSale } from "../testing/factories.ts";
import type { TestDatabase } from "../testing/test-database.ts";
import { type Lease, leaseRun } from "./reconcile-new/lease.ts";
import { type NewRun, reconcileNew } from "./reconcile-new/reconcile-new.ts";

/**
 * Two buyers, two items, a refusal and a refund, and a purchase that is dispatched; three orders, one of them given back and
 * one dispatched.
 */
export async function trade(test: TestDatabase): Promise<void> {
  const { itemIds } = await makeSale(test.database, [{ stock: 10 }, { stock: 1 }]);
  const buyers = await makeBuyers(test.database, 2);
  const batcher = new PurchaseBatcher(test.database);
  const results = [];
  for (const itemId of [...itemIds, ...itemIds]) {
    for (const userId of buyers) {
      results.push(await batcher.buy({ userId, itemId, quantity: 1, idempotencyKey: crypto.randomUUID() }));
    }
  }
  const purchaseId = results.flatMap((result) => ("purchaseId" in result ? [result.purchaseId] : []))[0] ?? "";
  const services = { database: test.database, liveSales: recordingLiveSales() };
  const operator = await makeOperator(test.database);
  await refund(services, operator, { purchaseId, idempotencyKey: "r" });
  await purchaseTasks(test.database).derive();

  const [productId = 0] = await makeProducts(test.database, [{ units: 10 }]);
  await test.sql`select process_order(${buyers[0] ?? ""}, ${productId}, 2, 'a')`;
  await test.sql`select cancel_order((process_order(${buyers[0] ?? ""}, ${productId}, 3, 'b')).order_id, ${operator}, 'r', 'r')`;
  const [sent] = await test.sql`select order_id from process_order(${buyers[0] ?? ""}, ${productId}, 1, 'c')`;
  await dispatch(test, `order-${sent?.order_id}`);
  await test.sql`update orders set status = 'confirmed' where id = ${sent?.order_id}`;
  const [first] = await test.sql`select task_id from tasks where payload ? 'purchaseId' order by id limit 1`;
  await dispatch(test, first?.task_id);
  await test.sql`insert into task_log (task, event, attempt, version) select id, 'duplicate', attempts, version from tasks`;
}

/** As the worker does it. */
async function dispatch(test: TestDatabase, taskId: string): Promise<void> {
  await test.sql`
    update tasks
    set status = 'COMPLETED', due_at = null, attempts = 1, version = 2, result = '{"outcome": "done"}'
    where task_id = ${taskId}`;
  await test.sql`
    insert into task_log (task, event, attempt, version)
    select id, event, 1, log.version
    from tasks, (values ('claimed', 1), ('completed', 2)) as log (event, version)
    where task_id = ${taskId}`;
}

/** Does what the database itself would refuse: without its triggers, foreign keys, unique indexes and checks. */
export async function withoutProtection(test: TestDatabase, statement: string): Promise<void> {
  await test.sql.begin(async (sql) => {
    await sql`set local session_replication_role = replica`;
    await sql`alter table purchase_attempts drop constraint purchase_attempts_one_per_key`;
    await sql`alter table wallets drop constraint wallets_balance_not_negative`;
    await sql`alter table inventory drop constraint inventory_never_oversold`;
    await sql`alter table orders drop constraint orders_one_per_request`;
    await sql`alter table dispatch_cursors drop constraint dispatch_cursors_not_negative`;
    await sql.unsafe(statement);
  });
}

/** A run over what is new, whether it is due or not. */
export async function runNew(test: TestDatabase, sizeMax = 1_000): Promise<NewRun> {
  return reconcileNew(test.database, { lease: await leaseNow(test), sizeMax });
}

export async function leaseNow(test: TestDatabase): Promise<Lease> {
  await test.sql`update reconcile_turns set due_at = clock_timestamp()`;
  const lease = await leaseRun(test.database);
  if (lease.token === null) throw new Error("the run was not due");
  return lease;
}

/** The names of the checks that a run found broken. */
export function brokenIn({ checks }: Pick<ReconcileRun, "checks">): string[] {
  return checks.filter(({ ok }) => !ok).map(({ name }) => name);
}

import { describe, expect, it } from "vitest";
import { purchaseTasks } from "../fulfilment/purchase-tasks.ts";
import { PurchaseDesk } from "../purchases/combine.ts";
import { refund } from "../purchases/refund.ts";
import { recordingLiveSales } from "../sales/live/live-sales.fixture.ts";
import { makeBuyers, makeOperator, makeProducts, makeSale } from "../testing/factories.ts";
import { createTestDatabase, type TestDatabase } from "../testing/test-database.ts";
import { CHECKS } from "./checks.ts";
import { reconcile } from "./reconcile.ts";
import { reconcileTogether } from "./reconcile-together.ts";

/** For each check, ways to break what it guards, and the checks that must notice (others may notice as well). */
const DAMAGES: [check: string, damage: string][] = [
  ["stock", "update items set remaining = remaining - 1 where ordinal = 0"],
  ["stock", "delete from refunds"],
  ["allotment", "update items set allotted = allotted + 1, remaining = remaining + 1 where ordinal = 0"],
  ["leftovers", "update sales set leftovers_returned_at = clock_timestamp()"],
  ["leftovers", "update sales set leftovers_returned_at = ends_at"],
  ["leftovers", "update items set allotted = 0, remaining = 0; update sales set leftovers_returned_at = starts_at"],
  ["balances", "update wallets set balance_cents = balance_cents + 1 where user_id = (select user_id from refunds)"],
  ["balances", "delete from credits where user_id = (select user_id from refunds)"],
  ["statements", "update refunds set balance_after_cents = balance_after_cents + 1"],
  ["not negative", "update wallets set balance_cents = -1 where user_id = (select user_id from refunds)"],
  ["keys", "update purchase_attempts set idempotency_key = 'same'"],
  ["owners", "update purchase_attempts set item_id = 999 where refusal_code is not null"],
  ["owners", "delete from wallets where user_id = (select user_id from refunds)"],
  ["positions", "update purchase_attempts set position = 9 where position = 1"],
  ["positions", "update items set last_position = 9 where ordinal = 0"],
  ["amounts", "update purchase_attempts set amount_cents = amount_cents + 1 where position = 1"],
  ["limits", "update items set limit_per_customer = 1 where ordinal = 0"],
  ["windows", "update sales set starts_at = clock_timestamp()"],
  ["windows", "update sales set ends_at = starts_at + interval '1 second'"],
  ["windows", "update sales set cancelled_at = starts_at"],
  ["windows", "insert into sale_pauses (sale_id, paused_at) select id, starts_at from sales"],
  ["refunds", "update refunds set amount_cents = amount_cents + 1"],
  ["refunds", "update refunds set purchase_id = gen_random_uuid()"],
  ["not negative", "update inventory set units = -1"],
  ["inventory", "update inventory set units = units + 1"],
  ["inventory", "delete from inventory"],
  ["inventory", "delete from receipts"],
  ["inventory", "update stock_adjustments set change = change - 1 where item_id = (select min(id) from items)"],
  ["inventory", "update order_refunds set units_returned = false"],
  ["inventory", "update order_items set quantity = quantity + 1"],
  ["orders", "update orders set amount_cents = amount_cents + 1"],
  ["orders", "update order_items set price_cents = price_cents + 1"],
  ["orders", "delete from order_items"],
  ["orders", "update orders set inventory_updated = false"],
  ["orders", "update orders set paid_at = null, balance_after_cents = null"],
  ["requests", "update orders set request_id = 'same'"],
  ["order refunds", "update orders set status = 'refunded'"],
  ["order refunds", "update orders set status = 'confirmed'"],
  ["order refunds", "update order_refunds set amount_cents = amount_cents + 1"],
  ["stock", "update refunds set units_returned = false"],
  ["cursors", "delete from dispatch_cursors"],
  ["cursors", "update dispatch_cursors set position = -1"],
  ["cursors", "update dispatch_cursors set position = 0, is_closed = true"],
  ["cursors", "update dispatch_cursors set position = position + 1"],
  ["purchases' tasks", "update dispatch_cursors set position = position - 1"],
  ["purchases' tasks", "delete from tasks where payload ? 'purchaseId' and status = 'PENDING'"],
  ["purchases' tasks", "update tasks set payload = jsonb_set(payload, '{lines,0,quantity}', '2')"],
  ["purchases' tasks", "delete from refunds"],
  ["orders' tasks", "delete from tasks where task_id like 'order-%' and status = 'PENDING'"],
  ["orders' tasks", "update tasks set kind = 'simulate' where task_id like 'order-%'"],
  ["orders' tasks", "update tasks set payload = jsonb_set(payload, '{lines,0,quantity}', '9')"],
  ["receipts' tasks", "delete from tasks where kind = 'receive'"],
  [
    "receipts' tasks",
    "update tasks set payload = jsonb_set(payload, '{lines,0,quantity}', '9') where kind = 'receive'",
  ],
  ["receipts' tasks", "update receipts set on_hand_already = true"],
  ["dispatches", "insert into tasks (task_id, kind, payload, trace_id) values ('order-999', 'dispatch', '{}', '')"],
  ["dispatches", "update orders set status = 'confirmed' where status = 'pending'"],
  ["dispatches", "update orders set status = 'pending' where status = 'confirmed'"],
  ["dispatches", "update order_refunds set units_returned = false"],
  ["dispatches", "update tasks set status = 'PENDING', due_at = clock_timestamp() where status = 'CANCELLED'"],
  ["dispatches", "update tasks set result = '{\"outcome\": \"refused\"}' where status = 'COMPLETED'"],
  ["dispatches", "update tasks set result = null where status = 'COMPLETED'"],
  ["task log", "update tasks set version = version + 1"],
  ["task log", "update tasks set attempts = attempts + 1 where status = 'COMPLETED'"],
  ["task log", "delete from task_log where event = 'submitted'"],
  ["task log", "delete from task_log where event = 'completed'"],
  [
    "task log",
    "insert into task_log (task, event, attempt, version) select id, 'completed', attempts, version from tasks",
  ],
  ["task log", "update tasks set status = 'FAILED', due_at = null where status = 'PENDING'"],
];

describe("reconcile", () => {
  it("finds every invariant held after purchases, refusals and refunds", async () => {
    await using test = await createTestDatabase();
    await trade(test);
    const { ok, checks } = await reconcile(test.database);
    expect(checks.filter((check) => !check.ok)).toEqual([]);
    expect(ok).toBe(true);
    expect(checks.map((check) => check.name)).toEqual(CHECKS.map((check) => check.name));
  });

  it("runs once for all who ask while it runs, and shows each of them what was there when they asked", async () => {
    await using test = await createTestDatabase();
    const services = { database: test.database, warehouse: undefined };
    expect(await reconcileTogether(services)).toMatchObject({ ok: true });
    await trade(test);
    await withoutProtection(test, "update items set remaining = remaining - 1 where ordinal = 0");
    const running = reconcileTogether(services);
    const [second, third] = [reconcileTogether(services), reconcileTogether(services)];
    expect(second).toBe(third);
    expect(second).not.toBe(running);
    for (const answer of [running, second]) expect(await answer).toMatchObject({ ok: false });
  });

  it("has a damage for each of its checks", () => {
    expect(new Set(DAMAGES.map(([check]) => check))).toEqual(new Set(CHECKS.map((check) => check.name)));
  });

  it.each(DAMAGES)("notices a broken invariant: %s by %s", async (name, damage) => {
    await using test = await createTestDatabase();
    await trade(test);
    await withoutProtection(test, damage);
    const { ok, checks } = await reconcile(test.database);
    expect(ok).toBe(false);
    expect(checks.find((check) => check.name === name)).toMatchObject({
      ok: false,
      detail: expect.stringMatching(/^Broken \d+ times: /),
    });
  });
});

/**
 * Two buyers, two items, a refusal and a refund, and a purchase that is dispatched; three orders, one of them given back and
 * one dispatched.
 */
async function trade(test: TestDatabase): Promise<void> {
  const { itemIds } = await makeSale(test.database, [{ stock: 10 }, { stock: 1 }]);
  const buyers = await makeBuyers(test.database, 2);
  const desk = new PurchaseDesk(test.database);
  const results = [];
  for (const itemId of [...itemIds, ...itemIds]) {
    for (const userId of buyers) {
      results.push(await desk.buy({ userId, itemId, quantity: 1, idempotencyKey: crypto.randomUUID() }));
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
async function withoutProtection(test: TestDatabase, statement: string): Promise<void> {
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

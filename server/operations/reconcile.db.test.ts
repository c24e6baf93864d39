import { describe, expect, it } from "vitest";
import type { ReconcileRun } from "../../shared/operations.ts";
import { createTestDatabase } from "../testing/test-database.ts";
import { CHECKS, NEW_CHECKS } from "./checks/checks.ts";
import { runNew, trade, withoutProtection } from "./reconcile.fixture.ts";
import { reconcile } from "./reconcile.ts";
import { reconcileState } from "./reconcile-runs.ts";
import { reconcileShop } from "./reconcile-shop.ts";

/** Ways to break what a check guards: every run must notice, by that check (others may notice as well). */
const DAMAGES: [check: string, damage: string][] = [
  ["stock", "update items set remaining = remaining - 1 where ordinal = 0"],
  ["stock", "delete from refunds"],
  ["stock", "update purchase_attempts set quantity = 2 where position = 1"],
  ["stock", "update refunds set units_returned = false"],
  ["allotment", "update items set allotted = allotted + 1, remaining = remaining + 1 where ordinal = 0"],
  ["balances", "update wallets set balance_cents = balance_cents + 1 where user_id = (select user_id from refunds)"],
  ["balances", "delete from credits where user_id = (select user_id from refunds)"],
  ["balances", "update order_refunds set amount_cents = amount_cents + 1"],
  ["positions", "update purchase_attempts set position = 9 where position = 1"],
  ["positions", "update items set last_position = 9 where ordinal = 0"],
  ["positions", "update items set last_position = 0 where ordinal = 0"],
  ["owners", "delete from wallets where user_id = (select user_id from refunds)"],
  ["owners", "update purchase_attempts set user_id = gen_random_uuid() where position = 1"],
  ["amounts", "update purchase_attempts set amount_cents = amount_cents + 1 where position = 1"],
  ["limits", "update items set limit_per_customer = 1 where ordinal = 0"],
  ["sale limits", "update sales set limit_per_customer = 1"],
  ["admissions", "update sales set needs_access_code = true"],
  ["windows", "update sales set starts_at = clock_timestamp()"],
  ["windows", "update sales set ends_at = starts_at + interval '1 second'"],
  ["windows", "update sales set cancelled_at = starts_at"],
  ["windows", "insert into sale_pauses (sale_id, paused_at) select id, starts_at from sales"],
  ["refunds", "update refunds set amount_cents = amount_cents + 1"],
  ["refunds", "update refunds set purchase_id = gen_random_uuid()"],
  ["orders", "update orders set amount_cents = amount_cents + 1"],
  ["orders", "update order_items set price_cents = price_cents + 1"],
  ["orders", "delete from order_items"],
  ["orders", "update orders set inventory_updated = false"],
  ["orders", "update orders set paid_at = null, balance_after_cents = null"],
  ["order refunds", "update orders set status = 'refunded'"],
  ["order refunds", "update orders set status = 'confirmed'"],
  ["order refunds", "update orders set inventory_updated = true"],
  ["order refunds", "update order_refunds set amount_cents = amount_cents + 1"],
  ["cursors", "delete from dispatch_cursors"],
  ["cursors", "update dispatch_cursors set position = 0, is_closed = true"],
  ["cursors", "update dispatch_cursors set position = position + 1"],
  ["cursors", "update dispatch_cursors set position = -1"],
  ["purchases' tasks", "delete from tasks where payload ? 'purchaseId' and status = 'PENDING'"],
  ["purchases' tasks", "update tasks set payload = jsonb_set(payload, '{lines,0,quantity}', '2')"],
  ["purchases' tasks", "delete from refunds"],
  ["orders' tasks", "delete from tasks where task_id like 'order-%' and status = 'PENDING'"],
  ["orders' tasks", "update tasks set kind = 'simulate' where task_id like 'order-%'"],
  ["orders' tasks", "update tasks set payload = jsonb_set(payload, '{lines,0,quantity}', '9')"],
  ["receipts' tasks", "delete from tasks where kind = 'receive'"],
  ["receipts' tasks", "update receipts set on_hand_already = true"],
  [
    "receipts' tasks",
    "update tasks set payload = jsonb_set(payload, '{lines,0,quantity}', '9') where kind = 'receive'",
  ],
];

/** Those that only a run over everything notices: it has all checks, and looks at refusals and at purchases above cursors. */
const DAMAGES_OF_OLD: [check: string, damage: string][] = [
  ["leftovers", "update sales set leftovers_returned_at = clock_timestamp()"],
  ["leftovers", "update sales set leftovers_returned_at = ends_at"],
  ["leftovers", "update items set allotted = 0, remaining = 0; update sales set leftovers_returned_at = starts_at"],
  ["access codes", "insert into access_codes (sale_id, code, uses, created_at) select id, 'CODE', 1, now() from sales"],
  ["access codes", "insert into sale_admissions select user_id, 1, 1, now() from wallets limit 1"],
  ["roles", `${given("user_id", "auditor")} from refunds`],
  ["roles", `${given("actor_id", "operator", false)} from refunds`],
  [
    "roles",
    `${given("actor_id", "operator", true)} from refunds; update users set role = 'auditor' where role = 'buyer'`,
  ],
  ["statements", "update refunds set balance_after_cents = balance_after_cents + 1"],
  ["not negative", "update wallets set balance_cents = -1 where user_id = (select user_id from refunds)"],
  ["keys", "update purchase_attempts set idempotency_key = '00000000-0000-4000-8000-000000000000'"],
  ["owners", "update purchase_attempts set item_id = 999 where refusal_code is not null"],
  ["not negative", "update inventory set units = -1"],
  ["inventory", "update inventory set units = units + 1"],
  ["inventory", "delete from inventory"],
  ["inventory", "delete from receipts"],
  ["inventory", "update stock_adjustments set change = change - 1 where item_id = (select min(id) from items)"],
  ["inventory", "update order_refunds set units_returned = false"],
  ["inventory", "update order_items set quantity = quantity + 1"],
  ["requests", "update orders set request_id = 'same'"],
  ["purchases' tasks", "update dispatch_cursors set position = position - 1"],
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

/** The audit log says that somebody was given a role, before anybody came. */
function given(user: string, role: string, mayMoveMoney = false): string {
  return `
    insert into audit_log (occurred_at, actor_kind, action, subject, outcome, details)
    select '2020-01-01', 'cli', 'users.setRole', 'user:' || ${user}, 'success',
      '{"after": {"role": "${role}", "mayMoveMoney": ${mayMoveMoney}}}'`;
}

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
    const services = { database: test.database, operatorReads: test.database, warehouse: undefined };
    expect(await reconcileShop(services)).toMatchObject({ ok: true });
    await trade(test);
    await withoutProtection(test, "update items set remaining = remaining - 1 where ordinal = 0");
    const running = reconcileShop(services);
    await Promise.resolve();
    const [second, third] = [reconcileShop(services), reconcileShop(services)];
    expect(second).toBe(third);
    expect(second).not.toBe(running);
    for (const answer of [running, second]) expect(await answer).toMatchObject({ ok: false });
  });

  it("has a damage for each check of a run over everything, and of one over what is new", () => {
    const namesOf = (checks: typeof CHECKS) => new Set(checks.map(({ name }) => name));
    const damaged = (damages: typeof DAMAGES) => new Set(damages.map(([check]) => check));
    expect(damaged(DAMAGES)).toEqual(namesOf(NEW_CHECKS));
    expect(damaged([...DAMAGES, ...DAMAGES_OF_OLD])).toEqual(namesOf(CHECKS));
  });

  it.each(DAMAGES)(
    "notices a broken invariant, over everything and over what is new: %s by %s",
    async (name, damage) => {
      await using test = await createTestDatabase();
      await trade(test);
      await withoutProtection(test, damage);
      for (const run of [await reconcile(test.database), await runNew(test)]) expectBroken(run, name);
      expect(await reconcileState(test)).toMatchObject({ ok: false, broken: { scope: "new" } });
    },
  );

  it.each(DAMAGES_OF_OLD)("notices a broken invariant, over everything: %s by %s", async (name, damage) => {
    await using test = await createTestDatabase();
    await trade(test);
    await withoutProtection(test, damage);
    expectBroken(await reconcile(test.database), name);
  });
});

function expectBroken({ ok, checks }: ReconcileRun, name: string): void {
  expect(ok).toBe(false);
  expect(checks.find((check) => check.name === name)).toMatchObject({
    ok: false,
    detail: expect.stringMatching(/^Broken (once|\d+ times): /),
  });
}

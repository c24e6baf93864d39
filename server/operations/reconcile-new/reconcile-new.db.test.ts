import { describe, expect, it } from "vitest";
import { PurchaseDesk } from "../../purchases/combine.ts";
import { deferred } from "../../testing/deferred.ts";
import { makeBuyer, makeItem } from "../../testing/factories.ts";
import { createTestDatabase } from "../../testing/test-database.ts";
import { trade, withoutProtection } from "../reconcile.fixture.ts";
import { reconcile } from "../reconcile.ts";
import { reconcileState } from "../reconcile-state.ts";
import { brokenIn, runNew } from "./run-new.fixture.ts";
import { takeTurn } from "./take-turn.ts";

/** For each check, ways to break what it guards, and the checks that must notice (others may notice as well). */
const DAMAGES: [check: string, damage: string][] = [
  ["stock", "update items set remaining = remaining - 1 where ordinal = 0"],
  ["stock", "delete from refunds"],
  ["stock", "update purchase_attempts set quantity = 2 where position = 1"],
  ["allotment", "update items set allotted = allotted + 1, remaining = remaining + 1 where ordinal = 0"],
  ["balances", "update wallets set balance_cents = balance_cents + 1 where user_id in (select user_id from refunds)"],
  ["balances", "delete from credits where user_id in (select user_id from refunds)"],
  ["balances", "update order_refunds set amount_cents = amount_cents + 1"],
  ["positions", "update purchase_attempts set position = 9 where position = 1"],
  ["positions", "update items set last_position = 9 where ordinal = 0"],
  ["positions", "update items set last_position = 0 where ordinal = 0"],
  ["owners", "delete from wallets where user_id in (select user_id from refunds)"],
  ["owners", "update purchase_attempts set user_id = gen_random_uuid() where position = 1"],
  ["amounts", "update purchase_attempts set amount_cents = amount_cents + 1 where position = 1"],
  ["limits", "update items set limit_per_customer = 1 where ordinal = 0"],
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
  ["purchases' tasks", "delete from tasks where payload ? 'purchaseId' and status = 'PENDING'"],
  ["purchases' tasks", "update tasks set payload = jsonb_set(payload, '{lines,0,quantity}', '2')"],
  ["purchases' tasks", "delete from refunds"],
  ["orders' tasks", "delete from tasks where task_id like 'order-%' and status = 'PENDING'"],
  ["orders' tasks", "update tasks set kind = 'simulate' where task_id like 'order-%'"],
  ["orders' tasks", "update tasks set payload = jsonb_set(payload, '{lines,0,quantity}', '9')"],
  ["receipts' tasks", "delete from tasks where kind = 'receive'"],
  ["receipts' tasks", "update receipts set on_hand_already = true"],
];

/** Checks of what is made of old rows and new ones. */
const OF_WHOLES = ["stock", "allotment", "balances", "positions", "limits"];

describe("a reconciliation of what is new", () => {
  it("finds every invariant held after purchases, refusals, refunds and orders, and says so", async () => {
    await using test = await createTestDatabase();
    await trade(test);
    const run = await runNew(test);
    expect(brokenIn(run)).toEqual([]);
    expect(run).toMatchObject({ scope: "new", ok: true, isPartial: false });
    const everything = (await reconcile(test.database)).checks.map(({ name }) => name);
    for (const { name } of run.checks) expect(everything).toContain(name);
    expect(await reconcileState(test)).toMatchObject({ ok: true, lastNew: { scope: "new", ok: true } });
  });

  it("has a damage for each of its checks", async () => {
    await using test = await createTestDatabase();
    const { checks } = await runNew(test);
    expect(new Set(DAMAGES.map(([check]) => check))).toEqual(new Set(checks.map(({ name }) => name)));
  });

  it.each(DAMAGES)("notices a broken invariant: %s by %s", async (name, damage) => {
    await using test = await createTestDatabase();
    await trade(test);
    await withoutProtection(test, damage);
    const run = await runNew(test);
    expect(brokenIn(run)).toContain(name);
    expect(run.checks.find((check) => check.name === name)?.detail).toMatch(/^Broken (once|\d+ times): /);
    expect(await reconcileState(test)).toMatchObject({ ok: false, broken: { scope: "new" } });
  });

  it.each(DAMAGES.filter(([name], at) => OF_WHOLES.includes(name) && DAMAGES[at - 1]?.[0] !== name))(
    "notices it of items and buyers that it knows, once they buy again: %s by %s",
    async (name, damage) => {
      await using test = await createTestDatabase();
      await trade(test);
      expect(brokenIn(await runNew(test))).toEqual([]);
      await forgetTheLastMinutes(test);
      await trade(test);
      await withoutProtection(test, damage);
      expect(brokenIn(await runNew(test))).toContain(name);
    },
  );

  it("looks at no purchase twice, and at an item again when its stock is another", async () => {
    await using test = await createTestDatabase();
    const itemId = await makeItem(test.database, { stock: 10 });
    const desk = new PurchaseDesk(test.database);
    const buy = async () =>
      desk.buy({ userId: await makeBuyer(test.database), itemId, quantity: 1, idempotencyKey: crypto.randomUUID() });
    for (let i = 0; i < 3; i++) await buy();
    expect(detailOf(await runNew(test), "amounts")).toContain("(3 checked)");
    await forgetTheLastMinutes(test);
    const idle = await runNew(test);
    for (const { detail } of idle.checks) expect(detail).toContain("(0 checked)");
    await buy();
    expect(detailOf(await runNew(test), "amounts")).toContain("(1 checked)");
    // Behind the back of the code, which would have raised the version.
    await test.sql`update items set remaining = remaining - 1`;
    expect(brokenIn(await runNew(test))).toEqual(["stock"]);
  });

  it("finds what was committed long after its time", async () => {
    await using test = await createTestDatabase();
    const userId = await makeBuyer(test.database);
    const [isWritten, mayCommit] = [deferred(), deferred()];
    const late = test.sql.begin(async (sql) => {
      await sql`
        insert into credits (id, user_id, kind, amount_cents, balance_after_cents, reason, idempotency_key, fingerprint, credited_at)
        values (gen_random_uuid(), ${userId}, 'top_up', 1, 1, '', 'late', '', clock_timestamp() - interval '9 seconds')`;
      isWritten.resolve();
      await mayCommit.promise;
    });
    await isWritten.promise;
    expect(brokenIn(await runNew(test))).toEqual([]);
    mayCommit.resolve();
    await late;
    expect(brokenIn(await runNew(test))).toEqual(["balances"]);
  });

  it("comes to everything in the end, however little one run looks at, and is due again sooner meanwhile", async () => {
    await using test = await createTestDatabase();
    await trade(test);
    await trade(test);
    await withoutProtection(test, "update purchase_attempts set amount_cents = amount_cents + 1 where position = 3");
    const runs = [];
    do {
      runs.push(await runNew(test, 2));
      const next = await takeTurn(test.database);
      const waitMs = next.is === "taken" ? 0 : next.waitMs;
      if (runs.at(-1)?.isPartial) expect(waitMs).toBeLessThan(50_000);
      else expect(waitMs).toBeGreaterThan(50_000);
    } while (runs.at(-1)?.isPartial);
    expect(runs.length).toBeGreaterThan(4);
    expect(runs.filter((run) => brokenIn(run).includes("amounts"))).not.toEqual([]);
    const [behind] = await test.sql`
      select count(*)::int as count
      from reconcile_marks
      join items on items.id = item_id
      join dispatch_cursors on dispatch_cursors.item_id = items.id
      where (reconcile_marks.position, tasks_position) <> (last_position, dispatch_cursors.position)`;
    expect(behind?.count).toBe(0);
    expect(brokenIn(await runNew(test))).toEqual([]);
  });

  it("is done with an item when nothing of it is for sale any more and all of it was looked at", async () => {
    await using test = await createTestDatabase();
    await trade(test);
    await test.sql`update sales set ends_at = clock_timestamp(), leftovers_returned_at = clock_timestamp()`;
    await test.sql`update dispatch_cursors set is_closed = true`;
    await runNew(test, 5);
    const settled = async () => (await test.sql`select item_id from reconcile_marks where is_settled`).length;
    expect(await settled()).toBeLessThan(2);
    while ((await runNew(test, 5)).isPartial);
    expect(await settled()).toBe(2);
  });
});

/** So that rows without positions are not looked at once more, as those of the last seconds are. */
async function forgetTheLastMinutes(test: Parameters<typeof runNew>[0]): Promise<void> {
  await test.sql`update reconcile_turns set covered_until = clock_timestamp()`;
}

function detailOf({ checks }: Awaited<ReturnType<typeof runNew>>, name: string): string | undefined {
  return checks.find((check) => check.name === name)?.detail;
}

import { describe, expect, it } from "vitest";
import { PurchaseBatcher } from "../../purchases/buy.ts";
import { makeBuyer, makeItem } from "../../testing/factories.ts";
import { createTestDatabase } from "../../testing/test-database.ts";
import { brokenIn, runNew, trade, withoutProtection } from "../reconcile.fixture.ts";
import { reconcileState } from "../reconcile-runs.ts";
import { leaseRun } from "./lease.ts";

/** To what is made of old rows and new ones: by check. */
const DAMAGES: [check: string, damage: string][] = [
  ["stock", "update items set remaining = remaining - 1 where ordinal = 0"],
  ["allotment", "update items set allotted = allotted + 1, remaining = remaining + 1 where ordinal = 0"],
  ["balances", "update wallets set balance_cents = balance_cents + 1 where user_id in (select user_id from refunds)"],
  ["positions", "update purchase_attempts set position = 9 where position = 1"],
  ["limits", "update items set limit_per_customer = 1 where ordinal = 0"],
];

describe("a reconciliation of what is new", () => {
  it("finds every invariant held after purchases, refusals, refunds and orders, and says so", async () => {
    await using test = await createTestDatabase();
    await trade(test);
    const run = await runNew(test);
    expect(brokenIn(run)).toEqual([]);
    expect(run).toMatchObject({ scope: "new", ok: true, isPartial: false });
    expect(await reconcileState(test)).toMatchObject({ ok: true, lastNew: { scope: "new", ok: true } });
  });

  it.each(DAMAGES)(
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
    const batcher = new PurchaseBatcher(test.database);
    const buy = async () =>
      batcher.buy({ userId: await makeBuyer(test.database), itemId, quantity: 1, idempotencyKey: crypto.randomUUID() });
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
    await test.sql.begin(async (sql) => {
      await sql`
        insert into credits (id, user_id, kind, amount_cents, balance_after_cents, reason, idempotency_key, fingerprint, credited_at)
        values (gen_random_uuid(), ${userId}, 'top_up', 1, 1, '', 'late', '', clock_timestamp() - interval '9 seconds')`;
      expect(brokenIn(await runNew(test))).toEqual([]);
    });
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
      const next = await leaseRun(test.database);
      const waitMs = next.token === null ? next.waitMs : 0;
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

import { describe, expect, it } from "vitest";
import { trade } from "../operations/reconcile.fixture.ts";
import { reconcile } from "../operations/reconcile.ts";
import { PurchaseBatcher } from "../purchases/buy.ts";
import { eventually } from "../testing/eventually.ts";
import { makeBuyers, makeItem } from "../testing/factories.ts";
import { hold } from "../testing/hold.ts";
import { createTestDatabase, type TestDatabase } from "../testing/test-database.ts";
import { sealNow, tamper, verified } from "./chain.fixture.ts";
import { isOver, takeMark } from "./mark.ts";
import { seal } from "./seal.ts";
import { SOURCES } from "./sources.ts";

/** Of item 1, at two decisions that are neither the first nor the last of their set. */
const FOURTH = "(select id from purchase_attempts where item_id = 1 and position = 4)";
const FIFTH = "(select id from purchase_attempts where item_id = 1 and position = 5)";
const REFUSED =
  "(select id from purchase_attempts where item_id = 1 and refusal_code is not null order by decided_at, id limit 1)";

describe("the chain", () => {
  it("holds what was recorded, and says up to when", async () => {
    await using test = await createTestDatabase();
    await sold(test);
    await sealNow(test.database);
    const result = await verified(test.database);
    expect(result).toMatchObject({ ok: true, finding: null, rows: await recorded(test) });
    expect(result.ageSeconds).toBeLessThan(3_600);
    await sold(test);
    expect(await verified(test.database)).toMatchObject({ ok: true, rows: result.rows });
    await sealNow(test.database, 3);
    expect(await verified(test.database)).toMatchObject({ ok: true, rows: await recorded(test) });
  });

  it.each([
    ["changed", "changed", FOURTH, `update purchase_attempts set amount_cents = amount_cents - 1 where id = ${FOURTH}`],
    [
      "refused otherwise",
      "changed",
      REFUSED,
      `update purchase_attempts set refusal_message = '' where id = ${REFUSED}`,
    ],
    ["removed", "removed", FOURTH, `delete from purchase_attempts where id = ${FOURTH}`],
    ["dated an hour back", "changed", FOURTH, redated(FOURTH, "- interval '1 hour'")],
    ["dated by a moment later", "changed", FOURTH, redated(FOURTH, "+ interval '1 microsecond'")],
    ["dated into the future", "changed", FOURTH, redated(FOURTH, "+ interval '1 hour'")],
    ["swapped with the next", "changed", FOURTH, swapped("user_id")],
    ["swapped in time with the next", "changed", FOURTH, swapped("decided_at")],
    ["moved to another item", "changed", FOURTH, `update purchase_attempts set item_id = 2 where id = ${FOURTH}`],
    ["given another id", "removed", FOURTH, `update purchase_attempts set id = gen_random_uuid() where id = ${FOURTH}`],
  ])("names an attempt that was %s", async (_how, kind, which, damage) => {
    await using test = await createTestDatabase();
    await sold(test);
    await sealNow(test.database);
    await sold(test);
    await sealNow(test.database);
    const [{ id } = { id: "" }] = await test.sql.unsafe(`select ${which} as id`);
    await tamper(test, damage);
    const { ok, finding } = await verified(test.database);
    expect({ ok, finding }).toMatchObject({ ok: false, finding: { kind, chain: "item:1", number: 1, id } });
    expect(finding?.message).toContain(id);
  });

  it.each(["its own time", "2020-01-01", "a quiet moment"])(
    "names an attempt that was inserted at %s",
    async (when) => {
      await using test = await createTestDatabase();
      await sold(test);
      await sealNow(test.database);
      const [{ now } = { now: "" }] = await test.sql`select clock_timestamp()::text as now`;
      await sealNow(test.database);
      const time = when === "its own time" ? "decided_at" : `'${when === "2020-01-01" ? when : now}'::timestamptz`;
      const id = crypto.randomUUID();
      await tamper(
        test,
        `insert into purchase_attempts select '${id}', user_id, item_id, quantity, gen_random_uuid(), refusal_code, refusal_message,
         amount_cents, balance_after_cents, remaining_after, 99, ${time}
       from purchase_attempts where id = ${FOURTH}`,
      );
      expect((await verified(test.database)).finding).toMatchObject({
        kind: "inserted",
        chain: "item:1",
        number: null,
        id,
      });
    },
  );

  it.each([
    ["credits", "changed", "update credits set reason = 'another'"],
    ["refunds", "removed", "delete from refunds"],
    ["orders", "changed", "update orders set amount_cents = 1"],
    ["orders", "changed", "update order_items set price_cents = 1"],
    ["orders", "changed", "delete from order_items"],
    ["order_refunds", "removed", "delete from order_refunds"],
    ["stock_adjustments", "changed", "update stock_adjustments set change = 1"],
    ["receipts", "changed", "update receipts set on_hand_already = not on_hand_already"],
    ["audit_log", "changed", "update audit_log set actor_id = null"],
  ])("covers %s: %s by %s", async (chain, kind, damage) => {
    await using test = await createTestDatabase();
    await trade(test);
    await test.sql`
      insert into audit_log (occurred_at, actor_kind, actor_id, action, subject, outcome)
      values (clock_timestamp(), 'person', gen_random_uuid(), 'user.create', 'user:1', 'success')`;
    await sealNow(test.database);
    // Its goods are dispatched: what changes by its nature is no finding.
    await test.sql`update orders set status = 'confirmed', updated_at = clock_timestamp() where status = 'pending'`;
    expect(await verified(test.database)).toMatchObject({ ok: true });
    await tamper(test, damage);
    expect((await verified(test.database)).finding).toMatchObject({ kind, chain });
  });

  it.each([
    ["was rewritten", "update chain_sets set head = sha256(head) where chain = 'item:1' and number = 2"],
    ["was removed", "delete from chain_sets where chain = 'item:1' and number = 2"],
    ["was renumbered", "update chain_sets set number = 9 where chain = 'item:1' and number = 3"],
  ])("names a set that %s", async (_how, damage) => {
    await using test = await createTestDatabase();
    for (let i = 0; i < 3; i++) {
      await sold(test);
      await sealNow(test.database);
    }
    await tamper(test, damage);
    expect((await verified(test.database)).finding).toMatchObject({ chain: "item:1" });
  });

  it("is known by what was published, when all of it was rewritten", async () => {
    await using test = await createTestDatabase();
    await sold(test);
    await sealNow(test.database);
    const sets = await test.sql`select chain, number::int, encode(head, 'hex') as head from chain_sets`;
    const published = sets.map(({ chain, number, head }) => ({ chain, number, head }));
    expect(await verified(test.database, { published })).toMatchObject({ ok: true });
    await tamper(
      test,
      `update purchase_attempts set quantity = 2 where id = ${FOURTH}`,
      "delete from chain_sets",
      "update chain_ends set sealed_until = '-infinity'",
    );
    await sealNow(test.database);
    expect(await verified(test.database)).toMatchObject({ ok: true });
    expect((await verified(test.database, { published })).finding).toMatchObject({
      kind: "published",
      chain: "item:1",
    });
  });

  it("refuses to have its sets changed or removed", async () => {
    await using test = await createTestDatabase();
    await sold(test);
    await sealNow(test.database);
    for (const statement of ["update chain_sets set count = 1", "delete from chain_sets", "truncate chain_sets"]) {
      await expect(test.sql.unsafe(statement)).rejects.toThrow("never changed or removed");
    }
    await expect(test.sql`delete from chain_ends`).rejects.toThrow("never removed");
  });
});

describe("sealing", () => {
  it("waits for what was decided before and is not committed yet", async () => {
    await using test = await createTestDatabase();
    const itemId = await makeItem(test.database, { stock: 10 });
    await using late = await hold(test, `update items set remaining = remaining where id = ${itemId}`);
    const mark = await takeMark(test.database);
    expect(await isOver(test.database, mark)).toBe(false);
    await late.release();
    // Transactions of the server's other databases count too.
    await eventually("everything of before is over", () => isOver(test.database, mark));
  });

  it("goes on where it was after a crash, and has each row in one set whoever seals", async () => {
    await using test = await createTestDatabase();
    for (let i = 0; i < 4; i++) await sold(test);
    const [{ until } = { until: "" }] = await test.sql`select clock_timestamp()::text as until`;
    const [attempts] = SOURCES;
    if (!attempts) throw new Error("there are no sources");
    // One that dies in the middle of a set leaves nothing of it.
    await test.sql`alter table chain_ends add constraint crash check (sealed_until = '-infinity') not valid`;
    await expect(seal(test.database, attempts, { until, rowsMax: 5 })).rejects.toThrow();
    expect(await test.sql`select from chain_sets`).toHaveLength(0);
    await test.sql`alter table chain_ends drop constraint crash`;
    expect(await seal(test.database, attempts, { until, rowsMax: 5 })).toEqual({ isPartial: true });
    const workers = await Promise.all([1, 2, 3].map(() => test.open({ poolSize: 1 })));
    const finish = async (database: TestDatabase["database"]) => {
      while ((await seal(database, attempts, { until, rowsMax: 5 })).isPartial);
    };
    await Promise.all(workers.map(finish));
    const [{ count } = { count: 0 }] = await test.sql`select count(*)::int as count from purchase_attempts`;
    expect(await verified(test.database)).toMatchObject({ ok: true, rows: count });
    expect(Number((await test.sql`select max(number) as last from chain_sets`)[0]?.last)).toBeGreaterThan(1);
  });

  it("seals each decision once while a crowd buys", async () => {
    await using test = await createTestDatabase();
    const itemIds = [await makeItem(test.database, { stock: 150 }), await makeItem(test.database, { stock: 1_000 })];
    const buyers = await makeBuyers(test.database, 20);
    const batchers = await Promise.all([1, 2].map(async () => new PurchaseBatcher(await test.open({ poolSize: 2 }))));
    let isOver = false;
    const sealing = [1, 2].map(async () => {
      const database = await test.open({ poolSize: 1 });
      while (!isOver) await sealNow(database, 40);
    });
    for (let round = 0; round < 10; round++) {
      const wishes = buyers.flatMap((userId) => batchers.map((batcher) => ({ userId, batcher })));
      await Promise.all(
        wishes.map(({ userId, batcher }, at) =>
          batcher.buy({ userId, itemId: itemIds[at % 2] ?? 0, quantity: 1, idempotencyKey: crypto.randomUUID() }),
        ),
      );
    }
    isOver = true;
    await Promise.all(sealing);
    await sealNow(test.database);
    expect(await verified(test.database)).toMatchObject({ ok: true, rows: await recorded(test) });
    expect((await reconcile(test.database)).ok).toBe(true);
  });
});

/** Eight purchases of the item 1 in two batches, one refusal, and something of item 2. */
async function sold(test: TestDatabase): Promise<void> {
  const isFirst = (await test.sql`select from items`).length === 0;
  if (isFirst) for (const stock of [1_000, 2]) await makeItem(test.database, { stock });
  const buyers = await makeBuyers(test.database, 4);
  const batcher = new PurchaseBatcher(test.database);
  const buy = (userId: string, itemId: number, quantity = 1) =>
    batcher.buy({ userId, itemId, quantity, idempotencyKey: crypto.randomUUID() });
  for (const itemId of [1, 1, 2]) await Promise.all(buyers.map((userId) => buy(userId, itemId)));
  await buy(buyers[0] ?? "", 1, 2_000);
}

/** Rows that a chain covers. */
async function recorded(test: TestDatabase): Promise<number> {
  const counts = SOURCES.map(({ name }) => `select count(*)::int as count from ${name}`);
  const rows = await test.sql.unsafe(counts.join(" union all "));
  return rows.reduce((sum, { count }) => sum + Number(count), 0);
}

function redated(id: string, change: string): string {
  return `update purchase_attempts set decided_at = decided_at ${change} where id = ${id}`;
}

/** One row has what the other had, and the other way round. */
function swapped(column: string): string {
  return `
    update purchase_attempts as mine set ${column} = other.${column}
    from purchase_attempts as other
    where (mine.id, other.id) in ((${FOURTH}, ${FIFTH}), (${FIFTH}, ${FOURTH}))`;
}

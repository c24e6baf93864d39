import { type SQL, sql } from "drizzle-orm";
import { expect, it } from "vitest";
import type { Database, Tx } from "../../database/database.ts";
import { PurchaseBatcher } from "../../purchases/buy.ts";
import { makeBuyer } from "../../testing/factories.ts";
import { createTestDatabase, type TestDatabase } from "../../testing/test-database.ts";
import { brokenIn, leaseNow, runNew, trade } from "../reconcile.fixture.ts";
import { reconcileNew } from "./reconcile-new.ts";

/** In each of the tables that grow for ever. */
const OLD_ROWS = 10_000;

/** A look at all rows of any of them would be far more, at the new ones and what belongs to them far less. */
const ROWS_MAX = 1_000;

it.each(["with statistics", "without"])(
  "a run over what is new reads what is new, never all that ever was, %s",
  async (known) => {
    await using test = await createTestDatabase();
    await makeOldRows(test);
    if (known === "with statistics") await test.sql`analyze`;
    while ((await runNew(test, 20_000)).isPartial);
    await test.sql`update reconcile_turns set covered_until = clock_timestamp()`;
    await trade(test);
    const userId = await makeBuyer(test.database);
    await new PurchaseBatcher(test.database).buy({ userId, itemId: 1, quantity: 1, idempotencyKey: "again" });

    const read = new Map<string, number>();
    const lease = await leaseNow(test);
    const run = await reconcileNew(
      explaining(test.database, (plan) => {
        for (const [table, rows] of rowsRead(plan)) read.set(table, Math.max(rows, read.get(table) ?? 0));
      }),
      { lease, sizeMax: 1_000 },
    );
    expect(brokenIn(run)).toEqual([]);
    const tables = ["purchase_attempts", "tasks", "orders", "order_items", "credits", "receipts", "wallets", "refunds"];
    expect([...read.keys()]).toEqual(expect.arrayContaining(tables));
    for (const [table, rows] of read) expect({ table, rows }).toSatisfy(({ rows }) => rows < ROWS_MAX);
  },
);

/** A database that explains each statement of a transaction that only reads, before it is run. */
function explaining(database: Database, onPlan: (plan: Plan) => void): Database {
  const explain = (tx: Tx) => async (query: SQL) => {
    const [row] = await tx.execute<{ "QUERY PLAN": [{ Plan: Plan }] | string }>(
      sql`explain (analyze, format json) ${query}`,
    );
    const told = row?.["QUERY PLAN"] ?? "[]";
    onPlan((typeof told === "string" ? JSON.parse(told) : told)[0].Plan);
    return tx.execute(query);
  };
  return {
    ...database,
    withTransaction: (work, options) =>
      database.withTransaction((tx) => {
        const proxy = new Proxy(tx, {
          get: (target, name) => (name === "execute" ? explain(target) : Reflect.get(target, name)),
        });
        return work(options?.readOnly ? proxy : tx);
      }, options),
  };
}

/** By table: how many rows one scan has read, those that it threw away included. */
function rowsRead(plan: Plan): [table: string, rows: number][] {
  const table = plan["Relation Name"];
  const thrownAway = (plan["Rows Removed by Filter"] ?? 0) + (plan["Rows Removed by Index Recheck"] ?? 0);
  const own: [string, number][] = table ? [[table, (plan["Actual Rows"] + thrownAway) * plan["Actual Loops"]]] : [];
  return [...own, ...(plan.Plans ?? []).flatMap(rowsRead)];
}

interface Plan {
  readonly "Relation Name"?: string;
  readonly "Actual Rows": number;
  readonly "Actual Loops": number;
  readonly "Rows Removed by Filter"?: number;
  readonly "Rows Removed by Index Recheck"?: number;
  readonly Plans?: Plan[];
}

/** Years of trade, as far as plans depend on it: one item that sold much, orders, credits, receipts, refunds and tasks. */
async function makeOldRows(test: TestDatabase): Promise<void> {
  await trade(test);
  const OLD = "2020-01-01";
  await test.sql.begin(async (sql) => {
    await sql`set local session_replication_role = replica`;
    await sql`
      insert into users (id, name, email)
      select md5(n::text)::uuid, '', n || '@old.example' from generate_series(1, ${OLD_ROWS}::int) as n`;
    await sql`insert into wallets (user_id, balance_cents) select id, 0 from users where email like '%@old.example'`;
    await sql`
      insert into credits (id, user_id, kind, amount_cents, balance_after_cents, reason, idempotency_key, fingerprint, credited_at)
      select gen_random_uuid(), id, 'opening', 3000, 3000, '', '', '', ${OLD} from users where email like '%@old.example'`;
    await sql`
      insert into purchase_attempts (id, user_id, item_id, quantity, idempotency_key, amount_cents,
        balance_after_cents, remaining_after, position, decided_at)
      select gen_random_uuid(), md5(n::text)::uuid, items.id, 1, md5(n::text)::uuid, items.price_cents, 0, 0, last_position + n,
        sales.starts_at + interval '1 second'
      from generate_series(1, ${OLD_ROWS}::int) as n, items
      join sales on sales.id = sale_id
      where items.id = 1`;
    await sql`
      insert into tasks (task_id, kind, payload, trace_id, status, due_at)
      select attempts.id, 'dispatch', jsonb_build_object('lines', jsonb_build_array(
          jsonb_build_object('productId', items.product_id, 'quantity', attempts.quantity))), '', 'COMPLETED', null
      from purchase_attempts as attempts
      join items on items.id = item_id
      where attempts.user_id in (select id from users where email like '%@old.example')`;
    await sql`
      insert into orders (customer_id, warehouse_id, status, inventory_updated, request_id, fingerprint, amount_cents,
        balance_after_cents, paid_at, created_at)
      select md5(n::text)::uuid, 1, 'refunded', true, n::text, '', 1, 0, ${OLD}, ${OLD}
      from generate_series(1, ${OLD_ROWS}::int) as n`;
    await sql`
      insert into order_items (order_id, line, product_id, product_name, price_cents, quantity)
      select id, 1, 1, '', 1, 1 from orders where created_at = ${OLD}`;
    await sql`
      insert into order_refunds (id, order_id, customer_id, amount_cents, balance_after_cents, units_returned, reason,
        idempotency_key, fingerprint, refunded_at)
      select gen_random_uuid(), id, customer_id, 1, 0, true, '', id, '', ${OLD} from orders where created_at = ${OLD}`;
    await sql`
      insert into receipts (id, warehouse_id, product_id, units, reason, idempotency_key, fingerprint, received_at, on_hand_already)
      select gen_random_uuid(), 1, 1, 1, '', n, '', ${OLD}, true from generate_series(1, ${OLD_ROWS}::int) as n`;
    await sql`
      insert into refunds (id, purchase_id, user_id, item_id, quantity, amount_cents, balance_after_cents, remaining_after,
        idempotency_key, fingerprint, refunded_at)
      select gen_random_uuid(), id, user_id, item_id, quantity, amount_cents, 0, 0, id, '', ${OLD}
      from purchase_attempts
      where user_id in (select id from users where email like '%@old.example')`;
    // Of an item that nobody buys any more: those of one that somebody buys are summed.
    await sql`update refunds set item_id = 2, units_returned = false where refunded_at = ${OLD}`;
    await sql`
      update items
      set last_position = last_position + ${OLD_ROWS}, allotted = allotted + ${OLD_ROWS}, limit_per_customer = 100
      where id = 1`;
    await sql`update stock_adjustments set change = change + ${OLD_ROWS} where item_id = 1`;
    await sql`update dispatch_cursors set position = position + ${OLD_ROWS} where item_id = 1`;
  });
}

import { sql } from "drizzle-orm";
import { expect, it } from "vitest";
import type { Database, Tx } from "../database/database.ts";
import { makeBuyer, makeProducts } from "../testing/factories.ts";
import { withoutAutovacuum } from "../testing/kept-plans.fixture.ts";
import { createTestDatabase, type TestDatabase } from "../testing/test-database.ts";

/* The functions of orders keep their plans for as long as their connection lives. */

const TABLES = ["orders", "order_items", "inventory", "products", "wallets", "users", "tasks", "order_refunds"];

/** Two lines are some tens of look-ups. */
const ROWS_READ_MAX = 100;

it.each<[string, (test: TestDatabase) => Promise<unknown>]>([
  ["was new", async () => {}],
  ["had been vacuumed while it was empty", ({ sql }) => sql`vacuum analyze`],
])(
  "reads a few rows for each order and what is given back of it, though its plans were made when the store %s",
  async (_state, bringThere) => {
    await using test = await createTestDatabase({ poolSize: 1 });
    const { database } = test;
    await withoutAutovacuum(test.sql, TABLES);
    await bringThere(test);
    const customerId = await makeBuyer(database);
    const lines = (await makeProducts(database, [{ units: 20 }, { units: 20 }])).map((id) => ({
      product_id: id,
      quantity: 1,
    }));
    const place = (tx: Tx) =>
      tx.execute<{ order_id: string }>(sql`
      select order_id
      from settle_order(${customerId}::uuid, null, ${JSON.stringify(lines)}::jsonb, ${crypto.randomUUID()}, p_choose_warehouse => true)`);
    const giveBack = (tx: Tx, orderId: string | undefined) =>
      tx.execute(
        sql`select settle_cancellation(${orderId}::bigint, ${customerId}::uuid, 'no more wanted', ${crypto.randomUUID()})`,
      );
    // More often than PostgreSQL makes a plan anew before it keeps one.
    for (let n = 0; n < 7; n++) {
      const [order] = await database.withTransaction(place);
      await database.withTransaction((tx) => giveBack(tx, order?.order_id));
    }
    await grow(test);
    let orderId: string | undefined;
    const placing = await rowsRead(database, async (tx) => {
      const [order] = await place(tx);
      orderId = order?.order_id;
    });
    const givingBack = await rowsRead(database, (tx) => giveBack(tx, orderId));
    expect(await test.sql`select status, inventory_updated from orders where id = ${Number(orderId)}`).toEqual([
      { status: "refunded", inventory_updated: false },
    ]);
    for (const [table, rows] of [...placing, ...givingBack]) expect(rows, table).toBeLessThan(ROWS_READ_MAX);
  },
);

async function grow({ sql }: TestDatabase): Promise<void> {
  await sql.begin(async (tx) => {
    await tx`set local session_replication_role = replica`;
    await tx`insert into products (name, price_cents) select 'A product', 1 from generate_series(1, 5000)`;
    await tx`insert into inventory (warehouse_id, product_id, units) select 1, id, 1 from products on conflict do nothing`;
    await tx`insert into orders (customer_id, warehouse_id, request_id, fingerprint, amount_cents)
      select gen_random_uuid(), 1, n, '', 1 from generate_series(1, 4000) as n`;
    await tx`insert into order_items (order_id, line, product_id, product_name, price_cents, quantity)
      select n + 100000, 1, n, '', 1, 1 from generate_series(1, 4000) as n`;
    await tx`insert into tasks (task_id, kind, payload, trace_id)
      select 'order-' || n + 100000, 'dispatch', '{}', '' from generate_series(1, 4000) as n`;
  });
}

/** Of each table, by `work`. The counters also hold what the connection has not told the server of yet. */
function rowsRead(database: Database, work: (tx: Tx) => Promise<unknown>): Promise<[string, number][]> {
  const counters = async (tx: Tx) => {
    const rows = await tx.execute<{ name: string; rows: number }>(sql`
      select relname as name, (coalesce(seq_tup_read, 0) + coalesce(idx_tup_fetch, 0))::float8 as rows
      from pg_stat_xact_user_tables
      where schemaname = current_schema()`);
    return new Map(rows.map((row) => [row.name, row.rows]));
  };
  return database.withTransaction(async (tx) => {
    const before = await counters(tx);
    await work(tx);
    const after = await counters(tx);
    return [...after].map(([name, rows]): [string, number] => [name, rows - (before.get(name) ?? 0)]);
  });
}

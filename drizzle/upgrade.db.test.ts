import { cp, mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it } from "vitest";
import { openDatabase } from "../server/database/database.ts";
import { migrate } from "../server/database/migrate.ts";
import { reconcile } from "../server/operations/reconcile.ts";
import { createTestDatabase } from "../server/testing/test-database.ts";

/* Stores from before a migration, brought up to date with what is in them. */

it("has what was ordered and received before there were tasks dispatched and brought in, and nothing that was given back", async () => {
  await using test = await createTestDatabase();
  const schema = "older";
  await using before = await migrationsUpTo("0003_receipts_answer_again");
  await migrate({ url: test.url, schema, folder: before.folder });
  await test.sql.begin(async (sql) => {
    await sql`set local search_path = older, pg_catalog`;
    await sql`insert into users (id, name, email) values (${BUYER}, 'Ada', 'ada@example.com')`;
    await sql`insert into products (name, price_cents) values ('Lamp', 0)`;
    await sql`insert into receipts (id, warehouse_id, product_id, units, reason, idempotency_key, fingerprint, received_at)
      values (gen_random_uuid(), 1, 1, 10, 'received', 'k', '', now())`;
    // Two are ordered and wait, three were ordered and given back.
    await sql`insert into inventory (warehouse_id, product_id, units) values (1, 1, 8)`;
    await sql`insert into orders (customer_id, warehouse_id, status, inventory_updated, request_id, fingerprint,
        amount_cents, balance_after_cents, paid_at)
      values (${BUYER}, 1, 'pending', true, 'r1', '', 0, 0, now()), (${BUYER}, 1, 'refunded', true, 'r2', '', 0, 0, now())`;
    await sql`insert into order_items (order_id, line, product_id, product_name, price_cents, quantity)
      values (1, 1, 1, 'Lamp', 0, 2), (2, 1, 1, 'Lamp', 0, 3)`;
    await sql`insert into order_refunds (id, order_id, customer_id, amount_cents, balance_after_cents, units_returned,
        reason, idempotency_key, fingerprint, refunded_at)
      values (gen_random_uuid(), 2, ${BUYER}, 0, 0, true, 'no more wanted', 'k', '', now())`;
  });

  await migrate({ url: test.url, schema });
  const tasks = await test.sql`select task_id, status, payload -> 'lines' as lines from older.tasks order by id`;
  expect(tasks).toMatchObject([
    { task_id: expect.stringMatching(/^receipt-/), status: "PENDING", lines: [{ productId: 1, quantity: 10 }] },
    { task_id: "order-1", status: "PENDING", lines: [{ productId: 1, quantity: 2 }] },
    { task_id: "order-2", status: "CANCELLED", lines: [{ productId: 1, quantity: 3 }] },
  ]);
  const database = await openDatabase({ url: test.url, schema, poolSize: 1 });
  const { checks } = await reconcile(database);
  await database.close();
  expect(checks.filter(({ ok }) => !ok)).toEqual([]);
});

const BUYER = "00000000-0000-4000-8000-00000000000a";

/** A folder with the migrations up to one, that one included, and no functions. */
async function migrationsUpTo(tag: string) {
  const folder = await mkdtemp(join(tmpdir(), "doorbuster-migrations-"));
  const from = join(import.meta.dirname, "migrations");
  const to = join(folder, "migrations");
  await mkdir(join(to, "meta"), { recursive: true });
  const journal = JSON.parse(await readFile(join(from, "meta", "_journal.json"), "utf8"));
  const last = journal.entries.findIndex((entry: { tag: string }) => entry.tag === tag);
  const entries = journal.entries.slice(0, last + 1);
  for (const entry of entries) await cp(join(from, `${entry.tag}.sql`), join(to, `${entry.tag}.sql`));
  await writeFile(join(to, "meta", "_journal.json"), JSON.stringify({ ...journal, entries }));
  return { folder, [Symbol.asyncDispose]: () => rm(folder, { recursive: true, force: true }) };
}

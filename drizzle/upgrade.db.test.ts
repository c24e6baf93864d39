import { cp, mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it } from "vitest";
import { openDatabase } from "../server/database/database.ts";
import { migrate } from "../server/database/migrate.ts";
import { reconcile } from "../server/operations/reconcile.ts";
import { reconcileNew } from "../server/operations/reconcile-new/reconcile-new.ts";
import { takeTurn } from "../server/operations/reconcile-new/take-turn.ts";
import { byKey } from "../server/purchases/by-key.ts";
import { PurchaseDesk } from "../server/purchases/combine.ts";
import { storedKey } from "../server/purchases/stored-key.ts";
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

it("has what was sold before there were marks checked from its beginning", async () => {
  await using test = await createTestDatabase();
  const schema = "older";
  await using before = await migrationsUpTo("0004_fulfilment");
  await migrate({ url: test.url, schema, folder: before.folder });
  await test.sql.begin(async (sql) => {
    await sql`set local search_path = older, pg_catalog`;
    await sql`insert into users (id, name, email) values (${BUYER}, 'Ada', 'ada@example.com')`;
    await sql`insert into products (name, price_cents) values ('Lamp', 100)`;
    await sql`insert into inventory (warehouse_id, product_id, units) values (1, 1, 0)`;
    await sql`insert into sales (name, starts_at, ends_at, currency) values ('A sale', now() - interval '1 day', now() + interval '1 day', 'EUR')`;
    await sql`insert into items (sale_id, product_id, warehouse_id, ordinal, name, price_cents, allotted, remaining, last_position)
      values (1, 1, 1, 0, 'Lamp', 100, 5, 4, 1)`;
    await sql`insert into stock_adjustments (id, item_id, change, allotted_after, remaining_after, reason, idempotency_key,
        fingerprint, adjusted_at)
      values (gen_random_uuid(), 1, 5, 5, 5, 'allotted', 'k', '', now())`;
    await sql`insert into purchase_attempts (id, user_id, item_id, quantity, idempotency_key, fingerprint, amount_cents,
        balance_after_cents, remaining_after, position, decided_at)
      values (gen_random_uuid(), ${BUYER}, 1, 1, 'k', '', 101, 0, 4, 1, now())`;
  });

  await migrate({ url: test.url, schema });
  const database = await openDatabase({ url: test.url, schema, poolSize: 1 });
  const turn = await takeTurn(database);
  const { checks } = await reconcileNew(database, { turn: turn.is === "taken" ? turn.turn : 0, sizeMax: 100 });
  await database.close();
  // Paid a cent too much, out of a wallet that had nothing.
  expect(checks.flatMap(({ name, ok }) => (ok ? [] : [name]))).toEqual(["balances", "amounts"]);
});

it("says of orders that were given back whether their units were, and leaves the others as they are", async () => {
  await using test = await createTestDatabase();
  const schema = "older";
  await using before = await migrationsUpTo("0006_rare_kinds");
  await migrate({ url: test.url, schema, folder: before.folder });
  await test.sql.begin(async (sql) => {
    await sql`set local search_path = older, pg_catalog`;
    await sql`insert into users (id, name, email) values (${BUYER}, 'Ada', 'ada@example.com')`;
    await sql`insert into products (name, price_cents) values ('Lamp', 0)`;
    for (const [id, status] of ["confirmed", "rejected", "refunded", "refunded", "refunded"].entries()) {
      await sql`insert into orders (customer_id, warehouse_id, status, inventory_updated, request_id, fingerprint, amount_cents,
          balance_after_cents, paid_at, updated_at)
        values (${BUYER}, 1, ${status}, true, ${`r${id}`}, '', 0, 0, now(), '2026-01-01')`;
    }
    // With their units, without them, and of the last they came back later: the warehouse had never sent them.
    for (const [orderId, unitsReturned] of [
      [2, true],
      [3, true],
      [4, false],
      [5, false],
    ] as const) {
      await sql`insert into order_refunds (id, order_id, customer_id, amount_cents, balance_after_cents, units_returned,
          reason, idempotency_key, fingerprint, refunded_at)
        values (gen_random_uuid(), ${orderId}, ${BUYER}, 0, 0, ${unitsReturned}, 'r', ${`k${orderId}`}, '', now())`;
    }
    await sql`insert into receipts (id, warehouse_id, product_id, units, reason, idempotency_key, fingerprint, received_at,
        on_hand_already)
      values (gen_random_uuid(), 1, 1, 1, 'came back', 'k', 'order=5', now(), true),
        (gen_random_uuid(), 1, 1, 1, 'received', 'l', 'order=4', now(), false)`;
  });

  await migrate({ url: test.url, schema });
  const orders = await test.sql`
    select id::int, inventory_updated as taken, updated_at = '2026-01-01' as untouched from older.orders order by id`;
  expect(orders.map(({ id, taken, untouched }) => [id, taken, untouched])).toEqual([
    [1, true, true],
    [2, false, true],
    [3, false, true],
    [4, true, true],
    [5, false, true],
  ]);
});

it("answers every key that was answered before its keys were made small, and no other one", async () => {
  await using test = await createTestDatabase();
  const schema = "older";
  await using before = await migrationsUpTo("0009_known_networks");
  await migrate({ url: test.url, schema, folder: before.folder });
  const keys = [
    "k",
    "x".repeat(255),
    "018f2f4e-1c5e-7000-8000-000000000001",
    "018F2F4E-1C5E-7000-8000-000000000001",
    "018f2f4e-1c5e-8000-8000-000000000001",
    "{018f2f4e-1c5e-7000-8000-000000000001}",
    "x018f2f4e-1c5e-7000-8000-000000000001",
    "018f2f4e-1c5e-7000-8000-000000000001x",
    "!~'\"\\",
  ];
  const others = [
    "K",
    "x".repeat(254),
    "018f2f4e1c5e70008000000000000001",
    storedKey({ userId: BUYER, idempotencyKey: "k" }),
  ];
  await test.sql.begin(async (sql) => {
    await sql`set local search_path = older, pg_catalog`;
    await sql`insert into users (id, name, email) values (${BUYER}, 'Ada', 'ada@example.com')`;
    for (const [n, key] of keys.entries()) {
      await sql`insert into purchase_attempts (id, user_id, item_id, quantity, idempotency_key, fingerprint, refusal_code,
          refusal_message, decided_at)
        values (gen_random_uuid(), ${BUYER}, 1, 1, ${key}, 'item=1&quantity=1', 'OUT_OF_STOCK', ${`answer ${n}`}, now())`;
    }
  });

  await migrate({ url: test.url, schema });
  const database = await openDatabase({ url: test.url, schema, poolSize: 1 });
  const desk = new PurchaseDesk(database);
  const buy = (idempotencyKey: string, quantity = 1) =>
    desk.buy({ userId: BUYER, itemId: 1, quantity, idempotencyKey });
  for (const [n, key] of keys.entries()) {
    expect(await buy(key), key).toMatchObject({ message: `answer ${n}`, replayed: true });
    expect(await byKey(database, BUYER, key), key).toMatchObject({ message: `answer ${n}`, replayed: true });
    expect(await buy(key, 2), key).toMatchObject({ code: "KEY_REUSED" });
  }
  for (const key of others) expect(await buy(key), key).toMatchObject({ code: "ITEM_NOT_FOUND", replayed: false });
  await database.close();
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

import type { Sql } from "postgres";
import { afterAll, beforeEach, describe, expect, it } from "vitest";
import { eventually } from "../../server/testing/eventually.ts";
import { makeBuyer, makeProducts } from "../../server/testing/factories.ts";
import { createTestDatabase, type TestDatabase } from "../../server/testing/test-database.ts";
import {
  type AuditRow,
  audited,
  connect,
  counts,
  expectReconciled,
  lines,
  place,
  refusalText,
} from "./orders.fixture.ts";

/** What happens to an order that nothing spoke against, and that fails while it is made. */
let test: TestDatabase;
let buyer: string;
let lamp: number;
let chair: number;
const shown: string[] = [];

beforeEach(async () => {
  test = await createTestDatabase();
  buyer = await makeBuyer(test.database, { balanceCents: 10_000 });
  [lamp = 0, chair = 0] = await makeProducts(test.database, [
    { name: "Lamp", units: 5 },
    { name: "Chair", units: 5 },
  ]);
  return () => test[Symbol.asyncDispose]();
});

// biome-ignore lint/suspicious/noConsole: the table of refusals is there to be read.
afterAll(() => console.log(`\n${shown.join("\n")}\n`));

/** Runs the order, and expects that it changed nothing but the audit log. */
async function refused(name: string) {
  const before = await counts(test.sql);
  const result = await place(test.sql, { customerId: buyer, lines: lines([lamp, 2], [chair, 3]), requestId: "r" });
  expect(await counts(test.sql)).toEqual(before);
  const rows = await audited(test.sql);
  expect(rows).toHaveLength(1);
  const row = rows.at(-1) as AuditRow;
  expect(row).toMatchObject({ outcome: "failure", subject: `customer:${buyer}`, details: { code: result.error_code } });
  shown.push(refusalText(name, result, row, before));
  await expectReconciled(test);
  return { result, details: row.details };
}

/** Makes `statement` run in the middle of an order: when it is stored as paid, after units and money were taken. */
async function atTheEnd(statement: string): Promise<void> {
  await test.sql.unsafe(`
    create function fail() returns trigger language plpgsql as $$ begin ${statement}; return new; end $$;
    create trigger fail after update on orders for each row when (new.paid_at is not null) execute function fail()`);
}

describe("an order that fails after its units and money were taken", () => {
  it.each([
    ["a check", "insert into warehouses (name) values ('')", "SQLITE_CONSTRAINT", "warehouses_name_not_empty"],
    [
      "a unique key",
      "insert into warehouses (name) values ('Main warehouse')",
      "SQLITE_CONSTRAINT",
      "warehouses_one_per_name",
    ],
    ["a foreign key", "insert into inventory values (1, 999)", "SQLITE_CONSTRAINT", "inventory_of_a_product"],
    ["append-only rows", "delete from credits", "SQLITE_CONSTRAINT", "23001"],
  ])("is undone and says which rule it broke: %s", async (name, statement, code, rule) => {
    await atTheEnd(statement);
    const { result } = await refused(`against a rule: ${name}`);
    expect(result).toEqual({
      success: false,
      order_id: null,
      error_code: code,
      message: `This is against a rule of the shop (${rule}).`,
    });
  });

  it("is undone and logged with what happened, which its caller is not told: anything else", async () => {
    await atTheEnd("perform 1 / 0");
    const { result, details } = await refused("anything else");
    expect(result).toMatchObject({ error_code: "SQLITE_ERROR", message: "Something went wrong on our side." });
    expect(details).toMatchObject({
      reason: "INTERNAL",
      failure: { sqlstate: "22012", text: "division by zero", context: expect.stringContaining("take_order") },
    });
  });

  it.each(["40001", "40P01"])("passes on what only a retry of the whole transaction solves: %s", async (sqlstate) => {
    await atTheEnd(`raise exception 'again' using errcode = '${sqlstate}'`);
    const before = await counts(test.sql);
    const asked = place(test.sql, { customerId: buyer, lines: lines([lamp, 1]) });
    await expect(asked).rejects.toMatchObject({ code: sqlstate });
    expect(await counts(test.sql)).toEqual(before);
    expect(await audited(test.sql)).toEqual([]);
  });

  it("leaves the transaction of its caller usable", async () => {
    await atTheEnd("perform 1 / 0");
    await test.sql.begin(async (sql) => {
      await place(sql as unknown as Sql, { customerId: buyer, lines: lines([lamp, 1]) });
      await sql`update users set name = 'Still here' where id = ${buyer}`;
    });
    expect(await test.sql`select name from users where id = ${buyer}`).toEqual([{ name: "Still here" }]);
  });
});

describe("an order that waits for a lock", () => {
  it.each([
    ["units", "select from inventory where units = 5 for update"],
    ["a wallet", "select from wallets for update"],
    ["a whole table", "lock table products in access exclusive mode"],
  ])("gives up after the session's lock timeout, and may be sent again: %s", async (name, lock) => {
    await using impatient = connect(test, { lock_timeout: "50" });
    await test.sql.begin(async (holder) => {
      const before = await counts(holder as unknown as Sql);
      await holder.unsafe(lock);
      const result = await place(impatient.sql, { customerId: buyer, lines: lines([lamp, 2]), requestId: "r" });
      expect(result).toMatchObject({ success: false, order_id: null, error_code: "SQLITE_LOCKED" });
      expect(await counts(holder as unknown as Sql)).toEqual(before);
      const [row] = await audited(holder as unknown as Sql);
      expect(row).toMatchObject({
        outcome: "failure",
        details: { reason: "LOCK_TIMEOUT", failure: { sqlstate: "55P03" } },
      });
      shown.push(refusalText(`lock timeout: ${name}`, result, row, before));
    });
    const again = await place(impatient.sql, { customerId: buyer, lines: lines([lamp, 2]), requestId: "r" });
    expect(again).toMatchObject({ success: true });
    await expectReconciled(test);
  });
});

describe("what nothing spoke against before the locks is judged again under them", () => {
  it("units that another order took meanwhile", async () => {
    const other = await makeBuyer(test.database, { balanceCents: 10_000 });
    const result = await overtaken({ customerId: other, lines: lines([lamp, 4]) }, lines([chair, 1], [lamp, 2]));
    expect(result).toMatchObject({
      success: false,
      order_id: null,
      error_code: "SQLITE_BUSY",
      message: 'Only 1 of "Lamp" is left, you asked for 2.',
    });
    expect((await audited(test.sql)).at(-1)?.details.problems).toMatchObject([{ productId: lamp, available: 1 }]);
  });

  it("money that another order of the same customer took meanwhile", async () => {
    await test.sql`update products set price_cents = 2000`;
    const result = await overtaken({ customerId: buyer, lines: lines([chair, 4]) }, lines([lamp, 2]));
    expect(result).toMatchObject({
      error_code: "SQLITE_CONSTRAINT",
      message: "The order costs 40.00 EUR and the wallet holds 20.00 EUR: 20.00 EUR are missing.",
    });
  });

  it("the request id that another session settled meanwhile", async () => {
    const result = await overtaken({ customerId: buyer, lines: lines([lamp, 1]), requestId: "r" }, lines([lamp, 1]));
    expect(result).toMatchObject({ success: false, error_code: "SQLITE_CONSTRAINT", order_id: expect.any(String) });
    const [order] = await test.sql<{ id: string }[]>`select id from orders`;
    expect(result.order_id).toBe(order?.id);
  });

  it("the same request id with other lines", async () => {
    const result = await overtaken({ customerId: buyer, lines: lines([lamp, 1]), requestId: "r" }, lines([lamp, 2]));
    expect(result).toMatchObject({ error_code: "SQLITE_CONSTRAINT", order_id: null });
    expect(result.message).toBe("This request id already stands for another order.");
  });

  /** Lets `first` go through while the buyer's order waits for its locks. */
  async function overtaken(first: Parameters<typeof place>[1], wanted: string) {
    await using other = connect(test);
    const second = await test.sql.begin(async (holder) => {
      expect(await place(holder as unknown as Sql, first)).toMatchObject({ success: true });
      const waiting = place(other.sql, { customerId: buyer, lines: wanted, requestId: "r" });
      await eventually("the second order waits for a lock", () => isAnyoneWaiting(test.sql));
      // In an object, or the transaction would wait for it.
      return { waiting };
    });
    const result = await second.waiting;
    expect(await test.sql`select from orders`).toHaveLength(1);
    await expectReconciled(test);
    return result;
  }
});

async function isAnyoneWaiting(sql: Sql): Promise<boolean> {
  const rows = await sql`
    select from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock' and state = 'active'`;
  return rows.length > 0;
}

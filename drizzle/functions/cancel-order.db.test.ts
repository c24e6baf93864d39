import { beforeEach, describe, expect, it } from "vitest";
import { makeBuyer, makeOperator, makeProducts } from "../../server/testing/factories.ts";
import { createTestDatabase, type TestDatabase } from "../../server/testing/test-database.ts";
import { audited, cancel, counts, expectReconciled, lines, place } from "./orders.fixture.ts";

let test: TestDatabase;
let buyer: string;
let operator: string;
let lamp: number;
let orderId: string;

beforeEach(async () => {
  test = await createTestDatabase();
  buyer = await makeBuyer(test.database, { balanceCents: 10_000 });
  operator = await makeOperator(test.database);
  [lamp = 0] = await makeProducts(test.database, [{ name: "Lamp", units: 5 }]);
  orderId = (await place(test.sql, { customerId: buyer, lines: lines([lamp, 2], [lamp, 1]) })).order_id ?? "";
  return () => test[Symbol.asyncDispose]();
});

describe("cancel_order", () => {
  it.each<[string, () => string | null, string, string | null]>([
    ["for an operator, who refunds it", () => operator, "refunded", null],
    ["for the system, which rejects it", () => null, "rejected", "Changed my mind"],
  ])("puts units and money back and says so: %s", async (_, actor, status, errorMessage) => {
    const result = await cancel(test.sql, { orderId, actorId: actor() });
    expect(result).toEqual({
      success: true,
      order_id: orderId,
      error_code: null,
      message: `Order ${orderId} was given back.`,
    });
    expect(await counts(test.sql)).toMatchObject({ units: 5, cents: 10_000, orderRefunds: 1, movements: 3 });
    expect(await test.sql`select status, error_message, inventory_updated from orders`).toEqual([
      { status, error_message: errorMessage, inventory_updated: false },
    ]);
    expect((await audited(test.sql)).at(-1)).toMatchObject({
      actorId: actor(),
      actorKind: actor() === null ? "system" : "person",
      action: actor() === null ? "orders.reject" : "orders.refund",
      subject: `order:${orderId}`,
      outcome: "success",
      details: { amountCents: 3_000, why: "Changed my mind" },
    });
    await expectReconciled(test);
  });

  it("takes no units again for what was given back", async () => {
    await cancel(test.sql, { orderId, actorId: operator });
    expect(await test.sql`select allocate_inventory(${orderId}, 1) as allocated`).toEqual([{ allocated: false }]);
    expect(await counts(test.sql)).toMatchObject({ units: 5 });
    await expectReconciled(test);
  });

  it("cancels the dispatch that has not begun, and writes that down", async () => {
    await cancel(test.sql, { orderId, actorId: operator });
    expect(await dispatchOf(orderId)).toEqual({ status: "CANCELLED", due_at: null, attempts: 0, version: 1 });
    expect(await logOf(orderId)).toEqual([
      ["submitted", 0, 0, null],
      ["cancelled", 0, 1, "Changed my mind"],
    ]);
  });

  it.each([
    ["is under way", "status = 'PROCESSING', worker = 'w', attempts = 1, version = 1", "claimed", "operator"],
    [
      "is under way, for the system",
      "status = 'PROCESSING', worker = 'w', attempts = 1, version = 1",
      "claimed",
      "system",
    ],
    ["has failed, and may have taken place", "status = 'FAILED', attempts = 1, version = 1", "failed", "operator"],
    ["has failed, and is to be tried again", "attempts = 1, version = 1", "retried", "operator"],
  ] as const)("puts only the money back once the dispatch has begun: it %s", async (_, change, event, by) => {
    await test.sql.unsafe(`update tasks set ${change} where task_id = 'order-${orderId}'`);
    await test.sql`insert into task_log (task, event, attempt, version)
      select id, ${event}, attempts, 1 from tasks where task_id = ${`order-${orderId}`}`;
    const before = await dispatchOf(orderId);
    const result = await cancel(test.sql, { orderId, actorId: by === "operator" ? operator : null });
    expect(result).toMatchObject({ success: true });
    expect(await counts(test.sql)).toMatchObject({ units: 2, cents: 10_000 });
    expect(await test.sql`select units_returned from order_refunds`).toEqual([{ units_returned: false }]);
    expect(await test.sql`select inventory_updated from orders`).toEqual([{ inventory_updated: true }]);
    expect(await dispatchOf(orderId)).toEqual(before);
    await expectReconciled(test);
  });

  it("puts only the money back once the goods are on their way", async () => {
    await test.sql`update tasks set status = 'COMPLETED', due_at = null, attempts = 1, version = 2,
      result = '{"outcome": "done"}' where task_id = ${`order-${orderId}`}`;
    await test.sql`insert into task_log (task, event, attempt, version)
      select id, event, 1, log.version from tasks, (values ('claimed', 1), ('completed', 2)) as log (event, version)
      where task_id = ${`order-${orderId}`}`;
    await test.sql`update orders set status = 'confirmed'`;
    expect(await cancel(test.sql, { orderId, actorId: operator })).toMatchObject({ success: true });
    expect(await counts(test.sql)).toMatchObject({ units: 2, cents: 10_000 });
    expect(await test.sql`select units_returned from order_refunds`).toEqual([{ units_returned: false }]);
    await expectReconciled(test);
  });

  it.each([
    ["no order named", () => ({ orderId: null }), "SQLITE_MISMATCH", null],
    ["no request id", () => ({ orderId, requestId: " " }), "SQLITE_MISMATCH", null],
    ["order missing", () => ({ orderId: 999 }), "SQLITE_NOTFOUND", null],
    ["duplicate request", () => ({ orderId, requestId: "used" }), "SQLITE_CONSTRAINT", () => orderId],
    ["request id of another order", () => ({ orderId: 999, requestId: "used" }), "SQLITE_CONSTRAINT", null],
    ["already given back", () => ({ orderId, requestId: "other" }), "SQLITE_CONSTRAINT", () => orderId],
    ["already given back, says the system", () => ({ orderId, actorId: null }), "SQLITE_CONSTRAINT", () => orderId],
  ] as const)("refuses, writes one audit row and changes nothing else: %s", async (_, ask, code, answered) => {
    await cancel(test.sql, { orderId, actorId: operator, requestId: "used" });
    const before = await counts(test.sql);
    const auditedBefore = (await audited(test.sql)).length;
    const result = await cancel(test.sql, { actorId: operator, ...ask() });
    expect(result).toMatchObject({ success: false, order_id: answered?.() ?? null, error_code: code });
    expect(await counts(test.sql)).toEqual(before);
    const rows = (await audited(test.sql)).slice(auditedBefore);
    expect(rows).toMatchObject([
      {
        action: expect.stringMatching(/^orders\.(refund|reject)$/),
        outcome: "failure",
        details: { code, message: result.message },
      },
    ]);
    await expectReconciled(test);
  });

  it("refuses an actor who does not exist, and a wallet that could not hold the money", async () => {
    const stranger = await cancel(test.sql, { orderId, actorId: crypto.randomUUID() });
    expect(stranger).toMatchObject({ error_code: "SQLITE_CONSTRAINT" });
    await test.sql.begin(async (sql) => {
      await sql`update wallets set balance_cents = 9007199254740991 where user_id = ${buyer}`;
      const [full] = await sql`select * from cancel_order(${orderId}, null, 'r', 'r')`;
      expect(full).toMatchObject({ error_code: "SQLITE_CONSTRAINT", message: "The wallet cannot hold that much." });
      await sql`update wallets set balance_cents = 7000 where user_id = ${buyer}`;
    });
    await expectReconciled(test);
  });

  it("leaves what was sold as it was: nobody rewrites or removes an order", async () => {
    const refused = [
      test.sql`update orders set amount_cents = 1`,
      test.sql`update orders set balance_after_cents = 1`,
      test.sql`update orders set customer_id = ${operator}`,
      test.sql`delete from orders`,
      test.sql`update order_items set price_cents = 1`,
      test.sql`delete from order_items`,
      test.sql`update receipts set units = 1`,
      test.sql`delete from inventory`,
    ];
    for (const statement of refused) await expect(statement).rejects.toMatchObject({ code: "23001" });
    await cancel(test.sql, { orderId });
    await expect(test.sql`delete from order_refunds`).rejects.toMatchObject({ code: "23001" });
  });
});

async function dispatchOf(id: string) {
  const [task] = await test.sql`
    select status, due_at, attempts, version::int from tasks where task_id = ${`order-${id}`}`;
  return task;
}

async function logOf(id: string) {
  const rows = await test.sql`
    select event, attempt, task_log.version::int as version, message
    from task_log
    join tasks on tasks.id = task_log.task
    where task_id = ${`order-${id}`}
    order by task_log.id`;
  return rows.map(({ event, attempt, version, message }) => [event, attempt, version, message]);
}

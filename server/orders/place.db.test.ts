import { describe, expect, it, vi } from "vitest";
import { ORDER_REFUSALS } from "../../shared/order-refusals.ts";
import type { OrderResult } from "../../shared/orders.ts";
import { signedInBuyer, signedInOperator, startTestApp, type TestApp, tokenFor } from "../app/app.fixture.ts";
import { Connection } from "../database/connection.ts";
import { reconcile } from "../operations/reconcile.ts";
import { makeBuyer, makeProducts } from "../testing/factories.ts";
import { stopClock } from "../testing/stop-clock.ts";
import { createTestDatabase, type TestDatabase } from "../testing/test-database.ts";
import { OrderGate } from "./order-gate.ts";
import { placeOrder } from "./place.ts";

const NO_LIMITS = {
  takePurchaseToken: () => {},
  tooManyRefusals: () => undefined,
  chargeRefusal: () => {},
} as never;

/** What an order may change, in numbers; the audit log apart. */
async function counts(test: TestDatabase) {
  const [row] = await test.sql`
    select (select count(*)::int from orders) as orders, (select count(*)::int from order_items) as lines,
      (select sum(units)::int from inventory) as units, (select sum(balance_cents)::int from wallets) as cents`;
  return row;
}

async function placedOver(app: TestApp, token: string, input: object): Promise<OrderResult> {
  const answer = await app.mutate("orders.place", input, token);
  expect(answer.status, answer.text).toBe(200);
  return answer.body.result.data;
}

describe("orders.place", () => {
  it("places one order for a key that is sent twenty times at once, through two servers", async () => {
    await using test = await createTestDatabase();
    await using one = await startTestApp(test);
    await using two = await startTestApp(test);
    const buyer = await signedInBuyer(test, { balanceCents: 10_000 });
    const [lamp, desk] = await makeProducts(test.database, [{ units: 5 }, { units: 5 }]);
    const lines = [
      { productId: lamp, quantity: 2 },
      { productId: desk, quantity: 1 },
    ];
    const results = await Promise.all(
      Array.from({ length: 20 }, (_, index) =>
        placedOver(index % 2 ? one : two, buyer.token, { lines, idempotencyKey: "once" }),
      ),
    );
    const orders = results.map((result) => result.outcome === "placed" && result.order);
    expect(orders[0]).toMatchObject({ status: "pending", inventoryUpdated: true, amountCents: 3_000 });
    for (const order of orders) expect(order).toEqual(orders[0]);
    expect(results.filter((result) => result.outcome === "placed" && !result.replayed)).toHaveLength(1);
    expect(await counts(test)).toEqual({ orders: 1, lines: 2, units: 7, cents: 7_000 });
    expect(await reconcile(test.database)).toMatchObject({ ok: true });
  });

  it("answers each refusal with both codes and its status, through both doors, and changes nothing", async () => {
    await using test = await createTestDatabase();
    await using app = await startTestApp(test);
    const buyer = await signedInBuyer(test, { balanceCents: 5_000 });
    const left = await signedInBuyer(test);
    const [lamp, withdrawn, kept, dear, short] = await makeProducts(test.database, [
      { name: "Lamp", units: 9 },
      { name: "Old lamp", units: 9, available: false },
      { name: "Nowhere", units: {} },
      { name: "Dear", units: 9, priceCents: 5_001 },
      { name: "Short", units: 3 },
    ]);
    const basket = (productId: unknown, quantity = 1) => ({ lines: [{ productId, quantity }], warehouseId: 1 });
    await placedOver(app, buyer.token, { ...basket(lamp), idempotencyKey: "used" });
    // Their session is known to this process already.
    expect((await app.query("wallets.mine", undefined, left.token)).status).toBe(200);
    await test.sql`update users set active = false where id = ${left.id}`;
    const before = await counts(test);

    const refusals: [code: keyof typeof ORDER_REFUSALS, token: string, key: string, order: object, says: string][] = [
      ["REQUEST_ID_REUSED", buyer.token, "used", basket(lamp, 2), "another order"],
      ["CUSTOMER_INACTIVE", left.token, "a", basket(lamp), "deactivated"],
      ["PRODUCT_NOT_FOUND", buyer.token, "a", basket(999_999), "999999"],
      ["PRODUCT_UNAVAILABLE", buyer.token, "a", basket(withdrawn), "Old lamp"],
      ["WAREHOUSE_NOT_FOUND", buyer.token, "a", { ...basket(lamp), warehouseId: 77 }, "77"],
      ["INVENTORY_NOT_FOUND", buyer.token, "a", basket(kept), "Nowhere"],
      ["INSUFFICIENT_INVENTORY", buyer.token, "a", basket(short, 5), "Only 3 of"],
      ["INSUFFICIENT_BALANCE", buyer.token, "a", basket(dear), "10.01 EUR are missing"],
    ];
    for (const [code, token, key, order, says] of refusals) {
      const { errorCode, status } = ORDER_REFUSALS[code];
      const refused = { outcome: "refused", code, errorCode, message: expect.stringContaining(says) };
      expect(await placedOver(app, token, { ...order, idempotencyKey: key })).toMatchObject(refused);
      const byRest = await app.send("/api/orders", { token, headers: { "idempotency-key": key }, body: order });
      expect({ status: byRest.status, body: byRest.body }).toMatchObject({ status, body: refused });
    }
    const shortage = await placedOver(app, buyer.token, { ...basket(short, 5), idempotencyKey: "a" });
    expect(shortage).toMatchObject({
      problems: [{ productId: short, productName: "Short", lines: [1], requested: 5, available: 3 }],
    });
    expect(await counts(test)).toEqual(before);
    expect(await reconcile(test.database)).toMatchObject({ ok: true });

    // A refused request may be sent again under its key.
    const again = await placedOver(app, buyer.token, { ...basket(short, 3), idempotencyKey: "a" });
    expect(again).toMatchObject({ outcome: "placed", replayed: false });
    expect(await reconcile(test.database)).toMatchObject({ ok: true });
  });

  it("knows no customer that there is not", async () => {
    await using test = await createTestDatabase();
    const [productId = 0] = await makeProducts(test.database, [{ units: 1 }]);
    const input = { lines: [{ productId, quantity: 1 }], idempotencyKey: "k" };
    const services = { database: test.database, limits: NO_LIMITS, orderGate: new OrderGate() };
    expect(await placeOrder(services, { userId: crypto.randomUUID() }, input)).toMatchObject({
      code: "CUSTOMER_NOT_FOUND",
    });
  });

  it("sends as many statements for a hundred lines as for one", async () => {
    await using test = await createTestDatabase();
    const userId = await makeBuyer(test.database, { balanceCents: 10_000_000 });
    const ids = await makeProducts(test.database, Array(100).fill({ units: 10 }));
    const services = { database: test.database, limits: NO_LIMITS, orderGate: new OrderGate() };
    const run = vi.spyOn(Connection.prototype, "run");
    const statementsFor = async (lines: { productId: number; quantity: number }[]) => {
      run.mockClear();
      expect(await placeOrder(services, { userId }, { lines, idempotencyKey: crypto.randomUUID() })).toMatchObject({
        outcome: "placed",
        order: { lines: lines.map((line) => expect.objectContaining(line)) },
      });
      return run.mock.calls.map(([text]) => String(text).trim().split(" ", 1)[0]);
    };
    const basket = ids.map((productId) => ({ productId, quantity: 1 }));
    try {
      expect(await statementsFor(basket.slice(0, 1))).toEqual(["begin", "set", "select", "select", "commit"]);
      expect(await statementsFor(basket)).toEqual(["begin", "set", "select", "select", "commit"]);
    } finally {
      run.mockRestore();
    }
    expect(await reconcile(test.database)).toMatchObject({ ok: true });
  });

  it("says that somebody else holds the row, and writes it down", async () => {
    await using test = await createTestDatabase();
    await using app = await startTestApp(test);
    const { token, id } = await signedInBuyer(test);
    const [lamp, desk] = await makeProducts(test.database, [{ units: 5 }, { units: 5 }]);
    const input = { lines: [{ productId: lamp, quantity: 1 }], idempotencyKey: "k" };
    const answers = await test.sql.begin(async (holder) => {
      await holder`select from inventory for update`;
      return Promise.all([
        app.mutate("orders.place", input, token),
        app.send("/api/orders", {
          ...{ token, headers: { "idempotency-key": "l" } },
          body: { productId: desk, quantity: 1 },
        }),
        // Behind the first one, which waits for the same row.
        app.mutate("orders.place", { ...input, idempotencyKey: "m" }, token),
      ]);
    });
    const locked = { retryable: true, errorCode: "SQLITE_LOCKED" };
    const [byTrpc, byRest, behind] = answers;
    const byTrpcLocked = { status: 409, body: { error: { data: { reason: "LOCK_TIMEOUT", ...locked } } } };
    expect([byTrpc, behind]).toMatchObject([byTrpcLocked, byTrpcLocked]);
    expect(byRest).toMatchObject({ status: 409, body: { code: "LOCK_TIMEOUT", ...locked } });
    const rows = await test.sql`select details from audit_log where actor_id = ${id} and outcome = 'failure'`;
    expect(rows.map(({ details }) => details.code)).toEqual(["SQLITE_LOCKED", "SQLITE_LOCKED", "SQLITE_LOCKED"]);
    expect(await placedOver(app, token, input)).toMatchObject({ outcome: "placed", replayed: false });
    expect(await reconcile(test.database)).toMatchObject({ ok: true });
  });

  it("answers a failure that nobody foresaw as one of the shop's, without its text", async () => {
    await using test = await createTestDatabase();
    await using app = await startTestApp(test);
    const { token } = await signedInBuyer(test);
    const [productId] = await makeProducts(test.database, [{ units: 5 }]);
    const before = await counts(test);
    await failEachLine(test, "raise exception 'secret' using errcode = 'XX000'");
    const input = { lines: [{ productId, quantity: 1 }], idempotencyKey: "k" };
    const failed = await app.mutate("orders.place", input, token);
    expect(failed).toMatchObject({
      status: 500,
      body: { error: { data: { reason: "INTERNAL", retryable: false, errorCode: "SQLITE_ERROR" } } },
    });
    const headers = { "idempotency-key": "k" };
    const byRest = await app.send("/api/orders", { token, headers, body: { productId, quantity: 1 } });
    expect(byRest).toMatchObject({ status: 500, body: { code: "INTERNAL", errorCode: "SQLITE_ERROR" } });
    for (const { text } of [failed, byRest]) expect(text).not.toMatch(/secret|XX000|plpgsql/);
    expect(app.logged()).toContain("the audit log has the SQLSTATE");
    expect(await counts(test)).toEqual(before);
    const [row] = await test.sql`select details from audit_log where outcome = 'failure' order by id limit 1`;
    expect(row?.details.failure).toMatchObject({ sqlstate: "XX000", text: "secret" });
  });

  it.each(["40001", "40P01"])("is run again after a conflict that passes (%s), and places one order", async (state) => {
    await using test = await createTestDatabase();
    await using app = await startTestApp(test);
    const { token } = await signedInBuyer(test);
    const [productId] = await makeProducts(test.database, [{ units: 5 }]);
    await test.sql`create sequence conflicts`;
    await failEachLine(
      test,
      `if nextval('conflicts') <= 2 then raise exception 'x' using errcode = '${state}'; end if`,
    );
    const input = { lines: [{ productId, quantity: 1 }], idempotencyKey: "k" };
    expect(await placedOver(app, token, input)).toMatchObject({ outcome: "placed", replayed: false });
    expect(await counts(test)).toMatchObject({ orders: 1, lines: 1, units: 4 });
    expect(await reconcile(test.database)).toMatchObject({ ok: true });
  });

  it("shares its limit with purchases, and says when to come again", async () => {
    await using test = await createTestDatabase();
    await using app = await startTestApp(test, { LIMIT_PURCHASES_PER_SECOND: "1", LIMIT_PURCHASES_BURST: "2" });
    using _clock = stopClock();
    const { token } = await signedInBuyer(test);
    const [productId] = await makeProducts(test.database, [{ units: 5 }]);
    await app.mutate("purchases.buy", { itemId: 999_999, idempotencyKey: "a" }, token);
    const lines = [{ productId, quantity: 1 }];
    expect(await placedOver(app, token, { lines, idempotencyKey: "b" })).toMatchObject({ outcome: "placed" });
    const refused = await app.mutate("orders.place", { lines, idempotencyKey: "c" }, token);
    expect(refused).toMatchObject({ status: 429, body: { error: { data: { reason: "RATE_LIMITED" } } } });
    expect(refused.headers.get("retry-after")).toMatch(/^[1-9]\d*$/);
  });
});

describe("POST /api/orders", () => {
  it("accepts an order, and replays it as it stands then", async () => {
    await using test = await createTestDatabase();
    await using app = await startTestApp(test);
    const buyer = await signedInBuyer(test, { balanceCents: 10_000 });
    const operator = await signedInOperator(test);
    const [productId] = await makeProducts(test.database, [{ name: "Lamp", units: 5, priceCents: 1_200 }]);
    const { token } = buyer;
    const headers = { "idempotency-key": "k" };
    const first = await app.send("/api/orders", {
      ...{ token, headers },
      body: { customerId: buyer.id, productId, quantity: 2 },
    });
    expect(first.status).toBe(202);
    expect(first.headers.get("idempotency-replayed")).toBeNull();
    expect(first.body).toMatchObject({
      ...{ outcome: "placed", replayed: false, status: "pending", customerId: buyer.id },
      ...{ amountCents: 2_400, balanceCents: 7_600, warehouseId: 1, inventoryUpdated: true },
      lines: [{ line: 1, productId, productName: "Lamp", priceCents: 1_200, quantity: 2 }],
    });
    const { outcome: _outcome, replayed: _replayed, ...order } = first.body;
    expect((await app.send(`/api/orders/${order.orderId}`, { token })).body).toEqual(order);

    // The same units of the same product, as a basket and through another address.
    const basket = {
      lines: [
        { productId, quantity: 1 },
        { productId, quantity: 1 },
      ],
    };
    const again = await app.send("/api/orders/", { token, headers, body: basket });
    expect([again.status, again.headers.get("idempotency-replayed")]).toEqual([200, "true"]);
    expect(again.body).toEqual({ ...first.body, replayed: true });

    const { orderId } = order;
    await app.mutate("orders.refund", { orderId, idempotencyKey: "r", reason: "Broken" }, operator.token);
    const later = await app.send("/api/orders", { token, headers, body: { productId, quantity: 2 } });
    expect(later).toMatchObject({ status: 200, body: { orderId, status: "refunded", errorMessage: "Broken" } });
    expect(await reconcile(test.database)).toMatchObject({ ok: true });
  });

  it("names what is wrong with a request in both codes", async () => {
    await using test = await createTestDatabase();
    await using app = await startTestApp(test);
    const { token } = await signedInBuyer(test);
    const invalid = { status: 400, body: { code: "INVALID_INPUT", errorCode: "SQLITE_MISMATCH" } };
    const headers = { "idempotency-key": "k" };
    for (const body of [{ productId: 1, quantity: 0 }, { lines: [] }, { productId: 1, quantity: 101 }, "{", {}]) {
      expect(await app.send("/api/orders", { token, headers, body })).toMatchObject(invalid);
    }
    expect(await app.send("/api/orders", { token, body: { productId: 1, quantity: 1 } })).toMatchObject(invalid);
    expect(await app.send("/api/orders/x", { token })).toMatchObject(invalid);
    const missing = { status: 404, body: { code: "NOT_FOUND", errorCode: "SQLITE_NOTFOUND" } };
    expect(await app.send("/api/orders/1", { token })).toMatchObject(missing);
    expect((await app.send("/api/orders", { token })).status).toBe(405);
    expect((await app.send("/api/orders/1", { token, method: "DELETE" })).headers.get("allow")).toBe("GET");
  });
});

describe("orders.mine", () => {
  it("shows the newest first, page by page, and each under its key", async () => {
    await using test = await createTestDatabase();
    await using app = await startTestApp(test);
    const id = await makeBuyer(test.database);
    const token = await tokenFor(test, id);
    const [productId] = await makeProducts(test.database, [{ units: 50 }]);
    for (const idempotencyKey of ["a", "b", "c"]) {
      await placedOver(app, token, { lines: [{ productId, quantity: 1 }], idempotencyKey });
    }
    const first = (await app.query("orders.mine", { limit: 2 }, token)).body.result.data;
    const rest = (await app.query("orders.mine", { limit: 2, cursor: first.nextCursor }, token)).body.result.data;
    const keys = ["c", "b", "a"];
    const byKey = await Promise.all(keys.map((idempotencyKey) => app.query("orders.byKey", { idempotencyKey }, token)));
    expect([...first.items, ...rest.items]).toEqual(byKey.map(({ body }) => body.result.data));
    expect(rest.nextCursor).toBeNull();
    expect((await app.query("orders.byKey", { idempotencyKey: "d" }, token)).body.result.data).toBeNull();
    expect((await app.query("orders.mine", { cursor: "WyJ4Il0" }, token)).status).toBe(400);
  });
});

/** Makes each new line of an order run `statement` first. */
async function failEachLine(test: TestDatabase, statement: string): Promise<void> {
  await test.sql.unsafe(`
    create function fail_line() returns trigger language plpgsql as $$ begin ${statement}; return new; end $$;
    create trigger fail_line before insert on order_items for each row execute function fail_line();`);
}

import { afterAll, beforeAll, expect, it } from "vitest";
import { signedInBuyer, signedInOperator, startTestApp, type TestApp } from "../server/app/app.fixture.ts";
import { openDatabase } from "../server/database/database.ts";
import { ensureServerRole } from "../server/database/embedded/databases.ts";
import { migrate } from "../server/database/migrate.ts";
import { FakeWarehouse } from "../server/fulfilment/fake-warehouse.fixture.ts";
import { allDone, startTestWorker } from "../server/fulfilment/workers.fixture.ts";
import { reconcile } from "../server/operations/reconcile.ts";
import { createTestDatabase, type TestDatabase } from "../server/testing/test-database.ts";

/** A server as a user of its own, with exactly the rights of `server-role.sql`. */
let test: TestDatabase;
let app: TestApp;
/** As this user. */
let url: string;

beforeAll(async () => {
  test = await createTestDatabase();
  // Three at once, as starts may come; and the user stays, because roles belong to the whole server.
  [url = ""] = await Promise.all([1, 2, 3].map(() => ensureServerRole(test.url)));
  // The store is up to date, and the user new: what it may do is what the migration gives it.
  await migrate(test);
  app = await startTestApp({ ...test, url });
});

afterAll(async () => {
  await app.stop();
  await test[Symbol.asyncDispose]();
});

it("can do all that a shop does", async () => {
  const operator = await signedInOperator(test);
  const buyer = await signedInBuyer(test);
  const now = Date.now();
  const sale = await succeed("sales.create", operator.token, {
    name: "A sale",
    startsAt: new Date(now - 60_000).toISOString(),
    endsAt: new Date(now + 60_000).toISOString(),
    items: [{ name: "A thing", priceCents: 100, stock: 5 }],
  });
  const itemId = sale.items[0].id;
  const purchase = await succeed("purchases.buy", buyer.token, { itemId, idempotencyKey: "b" });
  await succeed("purchases.refund", operator.token, { purchaseId: purchase.purchaseId, idempotencyKey: "r" });
  await succeed("purchases.buy", buyer.token, { itemId, idempotencyKey: "b2" });
  await succeed("wallets.topUp", buyer.token, { amountCents: 100, idempotencyKey: "t" });
  await succeed("wallets.credit", operator.token, {
    userId: buyer.id,
    amountCents: 100,
    reason: "Sorry",
    idempotencyKey: "c",
  });
  await succeed("sales.adjustStock", operator.token, { itemId, change: 1, reason: "found", idempotencyKey: "a" });
  await succeed("sales.pause", operator.token, { saleId: sale.id });
  await succeed("sales.resume", operator.token, { saleId: sale.id });
  await succeed("sales.update", operator.token, { saleId: sale.id, name: "The sale" });
  await succeed("sales.cancel", operator.token, { saleId: sale.id });
  const product = await succeed("products.create", operator.token, { name: "A lamp", priceCents: 100 });
  await succeed("products.update", operator.token, { productId: product.id, name: "The lamp" });
  await succeed("products.receive", operator.token, { productId: product.id, units: 5, idempotencyKey: "p" });
  const lines = [{ productId: product.id, quantity: 2 }];
  const { order } = await succeed("orders.place", buyer.token, { lines, idempotencyKey: "o" });
  await succeed("orders.place", buyer.token, { lines, idempotencyKey: "o2" });
  const { outcome } = await succeed("orders.refund", operator.token, { orderId: order.orderId, idempotencyKey: "o" });
  expect(outcome).toBe("refunded");
  await using _worker = await startTestWorker(
    { ...test, open: () => openDatabase({ ...test, url, poolSize: 2 }) },
    new FakeWarehouse(),
  );
  await allDone(test);
  await succeed("users.setActive", operator.token, { userId: buyer.id, active: false });
  const credentials = { email: "new@example.com", password: "a good password" };
  expect((await app.send("/api/auth/sign-up/email", { body: { ...credentials, name: "New" } })).status).toBe(200);
  const { body } = await app.send("/api/auth/sign-in/email", { body: credentials });
  expect((await app.send("/api/auth/sign-out", { method: "POST", token: body.token, body: {} })).status).toBe(200);
  expect(await reconcile(app.services.database)).toMatchObject({ ok: true });
});

it("is no superuser, and owns nothing", async () => {
  const [role] = await test.sql`
    select rolsuper, rolcreaterole, rolcreatedb, (select count(*)::int from pg_class where relowner = pg_roles.oid) as owned
    from pg_roles where rolname = 'doorbuster_server'`;
  expect(role).toEqual({ rolsuper: false, rolcreaterole: false, rolcreatedb: false, owned: 0 });
});

it.each([
  "alter table items drop constraint items_never_oversold",
  "alter table purchase_attempts disable trigger purchase_attempts_append_only",
  "drop table audit_log",
  "create table mine (id integer)",
  "update purchase_attempts set amount_cents = 1",
  "delete from credits",
  "truncate refunds",
  "delete from wallets",
  "update receipts set units = 1",
  "update order_items set price_cents = 1",
  "delete from order_refunds",
  "delete from orders",
  "delete from tasks",
  "update task_log set message = ''",
  "update breaker_transitions set to_state = 'closed'",
])("cannot: %s", async (statement) => {
  const attempt = app.services.database.withTransaction((tx) => tx.execute(statement));
  await expect(attempt).rejects.toMatchObject({ cause: { code: "42501" } });
});

it("finds the store up to date, and gives itself no rights", async () => {
  await migrate({ url, schema: test.schema });
  const [held] = await test.sql`select has_table_privilege('doorbuster_server', 'refunds', 'delete') as held`;
  expect(held?.held).toBe(false);
});

async function succeed(path: string, token: string, input: unknown) {
  const { status, body, text } = await app.mutate(path, input, token);
  expect(status, text).toBe(200);
  return body.result.data;
}

import { describe, expect, it } from "vitest";
import { makeProducts, makeSale } from "../testing/factories.ts";
import { createTestDatabase, type TestDatabase } from "../testing/test-database.ts";
import { startTestWarehouse, WAREHOUSE_SECRET } from "../warehouse/service/warehouse.fixture.ts";
import {
  signedInAuditor,
  signedInBuyer,
  signedInOperator,
  startTestApp,
  type TestAnswer,
  type TestApp,
  type TestRequest,
  type TestUser,
} from "./app.fixture.ts";
import { routeTable } from "./route-table.fixture.ts";
import { createRouter } from "./router.ts";
import type { Services } from "./services.ts";

/*
 * Who may call what, made from the router and the route table themselves: a procedure or a route that has no row here fails.
 */

type Audience = "anyone" | "buyer" | "staff" | "operator" | "money" | "machine";

/** What each caller is told, in the order of `callersOf`: `in` for whatever is neither 401 nor 403. */
const EXPECTED: Record<Audience, readonly (401 | 403 | "in")[]> = {
  anyone: ["in", "in", "in", "in", "in", "in", "in", "in"],
  buyer: [401, 401, 401, "in", "in", "in", "in", "in"],
  staff: [401, 401, 401, 403, 403, "in", "in", "in"],
  operator: [401, 401, 401, 403, 403, 403, "in", "in"],
  money: [401, 401, 401, 403, 403, 403, 403, "in"],
  // Whoever shows a token that no account has.
  machine: [401, 401, 401, 401, 401, 401, 401, 401],
};

/** Everybody who may ask, by what they show. */
async function callersOf(test: TestDatabase) {
  const owner = await signedInBuyer(test);
  const deactivated = await signedInBuyer(test);
  await test.sql`update users set active = false where id = ${deactivated.id}`;
  return {
    nobody: undefined,
    forger: { id: owner.id, token: `${owner.token.slice(0, -3)}AA=` },
    deactivated,
    "other buyer": await signedInBuyer(test),
    buyer: owner,
    auditor: await signedInAuditor(test),
    "operator without money": await signedInOperator(test, { mayMoveMoney: false }),
    operator: await signedInOperator(test),
  } satisfies Record<string, TestUser | undefined>;
}

/** What a buyer has, for rows that look one thing up. */
interface Owned {
  readonly purchaseId: string;
  readonly orderId: number;
  readonly key: string;
}

async function buySomething(test: TestDatabase, app: TestApp, { token }: TestUser): Promise<Owned> {
  const { itemIds } = await makeSale(test.database, [{ stock: 10 }]);
  const [productId] = await makeProducts(test.database, [{ units: 10 }]);
  const key = crypto.randomUUID();
  const buy = { itemId: itemIds[0], idempotencyKey: key };
  const { purchaseId } = (await app.mutate("purchases.buy", buy, token)).body.result.data;
  const order = { lines: [{ productId, quantity: 1 }], idempotencyKey: key };
  const { orderId } = (await app.mutate("orders.place", order, token)).body.result.data.order;
  return { purchaseId, orderId, key };
}

const id = 1;
const userId = crypto.randomUUID();
const idempotencyKey = "whose-is-it";

interface Row {
  readonly audience: Audience;
  readonly input?: unknown;
  /** Asks for what the buyer has, which the other buyer is not shown. */
  readonly inputOf?: (owned: Owned) => unknown;
}

const ROWS: Record<string, Row> = {
  "sales.list": { audience: "anyone", input: {} },
  "sales.byId": { audience: "anyone", input: { saleId: id } },
  "sales.ofProduct": { audience: "staff", input: { productId: id } },
  "sales.watch": { audience: "anyone", input: { saleId: 999_999 } },
  "sales.overview": { audience: "staff", input: {} },
  "sales.details": { audience: "staff", input: { saleId: id } },
  "sales.create": { audience: "operator", input: {} },
  "sales.update": { audience: "operator", input: {} },
  "sales.enter": { audience: "buyer", input: { saleId: id, code: "none" } },
  "sales.admission": { audience: "buyer", input: { saleId: id } },
  "sales.codes": { audience: "staff", input: { saleId: id } },
  "sales.addCodes": { audience: "operator", input: { saleId: 999_999, random: 1 } },
  "sales.removeCode": { audience: "operator", input: { codeId: 999_999 } },
  "sales.pause": { audience: "operator", input: { saleId: id } },
  "sales.resume": { audience: "operator", input: { saleId: id } },
  "sales.cancel": { audience: "operator", input: { saleId: 999_999 } },
  "sales.adjustStock": { audience: "operator", input: {} },
  "purchases.buy": { audience: "buyer", input: { itemId: 999_999, idempotencyKey } },
  "purchases.byKey": { audience: "buyer", inputOf: ({ key }) => ({ idempotencyKey: key }) },
  "purchases.byId": { audience: "buyer", inputOf: ({ purchaseId }) => ({ purchaseId }) },
  "purchases.mine": { audience: "buyer", input: {} },
  "purchases.list": { audience: "staff", input: { userId } },
  "purchases.refund": { audience: "money", input: { purchaseId: userId, idempotencyKey } },
  "products.list": { audience: "anyone", input: {} },
  "products.all": { audience: "staff", input: {} },
  "products.byId": { audience: "staff", input: { productId: 999_999 } },
  "products.history": { audience: "staff", input: { productId: id } },
  "products.create": { audience: "operator", input: {} },
  "products.update": { audience: "operator", input: { productId: 999_999 } },
  "products.receive": { audience: "operator", input: { productId: 999_999, units: 1, idempotencyKey } },
  "families.list": { audience: "staff", input: {} },
  "families.byId": { audience: "staff", input: { familyId: 999_999 } },
  "families.create": { audience: "operator", input: {} },
  "families.update": { audience: "operator", input: {} },
  "families.remove": { audience: "operator", input: { familyId: 999_999 } },
  "warehouses.list": { audience: "staff", input: {} },
  "warehouses.create": { audience: "operator", input: {} },
  "warehouses.rename": { audience: "operator", input: { warehouseId: 999_999, name: "Nowhere" } },
  "orders.place": { audience: "buyer", input: { lines: [{ productId: 999_999, quantity: 1 }], idempotencyKey } },
  "orders.mine": { audience: "buyer", input: {} },
  "orders.byId": { audience: "buyer", inputOf: ({ orderId }) => ({ orderId }) },
  "orders.byKey": { audience: "buyer", inputOf: ({ key }) => ({ idempotencyKey: key }) },
  "orders.list": { audience: "staff", input: { userId } },
  "orders.refund": { audience: "money", input: { orderId: 999_999, idempotencyKey } },
  "tasks.submit": { audience: "operator", input: { taskId: "whose-is-it", failureRate: 0 } },
  "tasks.list": { audience: "staff", input: {} },
  "tasks.byId": { audience: "staff", input: { taskId: "nobody's" } },
  "tasks.retry": { audience: "operator", input: { taskId: "nobody's" } },
  "wallets.mine": { audience: "buyer" },
  "wallets.movements": { audience: "buyer", input: {} },
  "wallets.statement": { audience: "staff", input: { userId } },
  "wallets.topUp": { audience: "buyer", input: { amountCents: 100, idempotencyKey } },
  "wallets.credit": { audience: "money", input: { userId, amountCents: 100, reason: "a test", idempotencyKey } },
  "users.list": { audience: "staff", input: {} },
  "users.byId": { audience: "staff", input: { userId } },
  "users.setActive": { audience: "operator", input: { userId, active: true } },
  "users.setRole": { audience: "operator", input: { userId, role: "buyer", mayMoveMoney: false, reason: "a test" } },
  "users.sessions": { audience: "staff", input: { userId } },
  "users.signOut": { audience: "operator", input: { userId, reason: "a test" } },
  "users.mySessions": { audience: "buyer" },
  "users.endMySessions": { audience: "buyer", input: { sessionId: userId } },
  "keys.list": { audience: "staff" },
  "keys.create": { audience: "operator", input: {} },
  "keys.revoke": { audience: "operator", input: { keyId: userId, reason: "a test" } },
  "warehouse.stock": { audience: "staff", input: {} },
  "warehouse.updates": { audience: "staff", input: {} },
  "warehouse.breaker": { audience: "staff" },
  "operations.reconcile": { audience: "staff" },
  "operations.reconcileState": { audience: "staff" },
  "operations.metrics": { audience: "staff" },
  "operations.chaos": { audience: "operator", input: { action: "stop" } },
  "operations.chaosState": { audience: "staff" },
  "operations.rehearse": { audience: "operator", input: { saleId: 999_999, crowd: { buyers: 1 } } },
  "operations.rehearsals": { audience: "staff", input: {} },
  "operations.rehearsal": { audience: "staff", input: { rehearsalId: 999_999 } },
  "operations.stopRehearsal": { audience: "operator", input: { rehearsalId: 999_999 } },
  "operations.deleteRehearsal": { audience: "operator", input: { rehearsalId: 999_999 } },
  "operations.verdict": { audience: "staff" },
  "figures.watch": { audience: "staff", input: { saleId: 999_999 } },
  "figures.current": { audience: "staff" },
  "audit.list": { audience: "staff", input: {} },
  "record.attempts": { audience: "staff", input: {} },
  "record.orders": { audience: "staff", input: {} },
  "record.refunds": { audience: "staff", input: {} },
  "record.summary": { audience: "staff", input: { first: "2026-01-01", last: "2026-01-31" } },
  "record.path": { audience: "staff", input: { orderId: 999_999 } },
  "record.credits": { audience: "staff", input: {} },
  "proof.state": { audience: "staff" },
  "proof.start": { audience: "staff", input: { kind: "chain" } },
  "proof.heads": { audience: "staff", input: {} },
  "proof.signed": { audience: "staff" },
};

/** Of routes that are no procedure; HEAD goes with GET. Whatever has no row here must refuse every method but its own. */
interface RouteRow extends TestRequest {
  readonly audience: Audience;
  /** Where it is not the route itself. */
  readonly path?: string;
  readonly pathOf?: (owned: Owned) => string;
}

const INPUTS = encodeURIComponent('{"0":{}}');

const ROUTES: Record<string, RouteRow> = {
  "GET /health/live": { audience: "anyone" },
  "GET /health/ready": { audience: "anyone" },
  "GET /metrics": { audience: "machine" },
  "GET /openapi.json": { audience: "anyone" },
  "GET /docs": { audience: "anyone" },
  // The adapter, for batches: it lets nobody in who is not let in one by one.
  "GET /trpc/:path": { audience: "staff", path: `/trpc/users.list?batch=1&input=${INPUTS}` },
  // It calls nothing.
  "HEAD /trpc/:path": { audience: "anyone", path: "/trpc/users.list" },
  "POST /trpc/:path": { audience: "money", path: "/trpc/wallets.credit?batch=1", body: { 0: {} } },
  "POST /api/purchase/": { audience: "buyer", headers: { "idempotency-key": "matrix" }, body: { item_id: 999_999 } },
  "POST /api/orders": {
    audience: "buyer",
    headers: { "idempotency-key": "matrix" },
    body: { productId: 999_999, quantity: 1 },
  },
  "GET /api/orders/:id": { audience: "buyer", pathOf: ({ orderId }) => `/api/orders/${orderId}` },
  "POST /api/tasks": { audience: "operator", body: { taskId: "matrix", failureRate: 0 } },
  "GET /api/tasks/:taskId": { audience: "staff", path: "/api/tasks/nobodys" },
  // No picture.
  "POST /api/pictures": { audience: "operator", body: {} },
  "GET /pictures/:file": { audience: "anyone" },
  "GET /api/exports/attempts.csv": { audience: "staff" },
  "GET /api/exports/orders.csv": { audience: "staff" },
  "GET /api/exports/refunds.csv": { audience: "staff" },
  "GET /api/exports/credits.csv": { audience: "staff" },
  "GET /api/exports/changes.csv": { audience: "staff" },
  "GET /api/exports/movements.csv": { audience: "staff" },
  "GET /api/exports/summary-by-day.csv": {
    audience: "staff",
    path: "/api/exports/summary-by-day.csv?first=2026-01-01&last=2026-01-31",
  },
  "GET /api/exports/summary-by-item.csv": {
    audience: "staff",
    path: "/api/exports/summary-by-item.csv?first=2026-01-01&last=2026-01-31",
  },
  "GET /api/auth/get-session": { audience: "anyone" },
  "POST /api/auth/sign-up/email": { audience: "anyone", body: {} },
  "POST /api/auth/sign-in/email": { audience: "anyone", body: {} },
  "POST /api/auth/change-password": {
    audience: "buyer",
    body: { currentPassword: "not the password", newPassword: "seven quiet harbours" },
  },
  // Last: it ends the session that asks.
  "POST /api/auth/sign-out": { audience: "anyone", body: {} },
};

const procedures = Object.entries(createRouter({} as Services)._def.procedures).map(([path, procedure]) => ({
  path,
  type: (procedure as unknown as { _def: { type: "query" | "mutation" | "subscription" } })._def.type,
}));

const routes = await routeTable(procedures.map(({ path }) => path));
/** A handler of its own, and no refusal of other methods: found by asking (below). */
const rowOf = (route: string): RouteRow | undefined => ROUTES[route] ?? ROUTES[route.replace(/^HEAD /, "GET ")];
const withRow = routes.filter((route) => rowOf(route));
const SIZE = `${procedures.length} procedures and ${withRow.length} routes × ${EXPECTED.anyone.length} callers`;

async function call(app: TestApp, path: string, type: string, { token, owned }: Asked = {}): Promise<TestAnswer> {
  const { input, inputOf } = ROWS[path] ?? {};
  const sent = owned && inputOf ? inputOf(owned) : input;
  const answer = await (type === "mutation" ? app.mutate(path, sent, token) : app.query(path, sent, token));
  // A subscription is refused in its stream.
  const [, refusal] = /^event: serialized-error\ndata: (.*)$/m.exec(answer.text) ?? [];
  return type === "subscription" && refusal ? { ...answer, status: JSON.parse(refusal).data.httpStatus } : answer;
}

interface Asked {
  readonly token?: string | undefined;
  readonly owned?: Owned;
}

function callRoute(app: TestApp, route: string, { token, owned }: Asked): Promise<TestAnswer> {
  const [method = "", url = ""] = route.split(" ");
  const { path = url, pathOf, headers, body } = rowOf(route) ?? {};
  return app.send(owned && pathOf ? pathOf(owned) : path, { method, token, headers: headers ?? {}, body });
}

describe("whose is it", () => {
  it("has a row for every procedure and every route, and no row for anything else", async () => {
    expect(Object.keys(ROWS).sort()).toEqual(procedures.map(({ path }) => path).sort());
    expect(Object.keys(ROUTES).filter((route) => !routes.includes(route))).toEqual([]);
    await using test = await createTestDatabase();
    await using app = await startTestApp(test, PLENTY);
    const { token } = await signedInOperator(test);
    for (const route of routes.filter((one) => !withRow.includes(one) && !isFile(one))) {
      expect({ route, status: (await callRoute(app, route, { token })).status }).toEqual({ route, status: 405 });
    }
  });

  it(`lets nobody, buyers, auditors and operators do what is theirs: ${SIZE}`, async () => {
    await using test = await createTestDatabase();
    await using warehouse = await startTestWarehouse(test);
    await using app = await startTestApp(test, { ...PLENTY, WAREHOUSE_URL: warehouse.url, WAREHOUSE_SECRET });
    const callers = await callersOf(test);
    const owned = await buySomething(test, app, callers.buyer);
    const all = [
      ...procedures.map(({ path, type }) => ({
        name: path,
        audience: ROWS[path]?.audience,
        isOwned: ROWS[path]?.inputOf !== undefined,
        ask: (token?: string) => call(app, path, type, { token, owned }),
      })),
      ...withRow.map((route) => ({
        name: route,
        audience: rowOf(route)?.audience,
        isOwned: rowOf(route)?.pathOf !== undefined && route.startsWith("GET"),
        ask: (token?: string) => callRoute(app, route, { token, owned }),
      })),
    ].sort((one, other) => Number(one.name.endsWith("/sign-out")) - Number(other.name.endsWith("/sign-out")));

    for (const { name, audience = "anyone", isOwned, ask } of all) {
      const answers: Record<string, TestAnswer> = {};
      for (const [caller, user] of Object.entries(callers)) answers[caller] = await ask(user?.token);
      const told = Object.values(answers).map(({ status }) => (status === 401 || status === 403 ? status : "in"));
      expect({ name, told }).toEqual({ name, told: EXPECTED[audience] });
      for (const [caller, { status, text }] of Object.entries(answers)) {
        expect({ name, caller, status }).toSatisfy(isNoFault);
        if (!MAY_SEE_IT.has(caller)) expect({ name, caller, text }).not.toMatchObject({ text: has(callers.buyer.id) });
      }
      if (!isOwned) continue;
      const { buyer, "other buyer": other } = answers;
      expect({ name, status: buyer?.status }).toEqual({ name, status: 200 });
      expect({ name, other: other?.status === 404 ? null : other?.body.result.data }).toEqual({ name, other: null });
    }
  });

  it("answers every question without the connections on which things are bought", async () => {
    await using test = await createTestDatabase();
    await using app = await startTestApp(test, { POOL_SIZE: "1" });
    const operator = await signedInOperator(test);
    // From here on the session is remembered.
    expect((await app.query("users.list", {}, operator.token)).status).toBe(200);
    const { database } = app.services;
    const [held, release] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
    const holding = database.withTransaction(async () => {
      held.resolve();
      await release.promise;
    });
    await held.promise;
    // It remembers what it found.
    const asked = procedures.filter(({ path, type }) => type === "query" && path !== "operations.reconcile");
    for (const { path, type } of asked) {
      const { status, body } = await call(app, path, type, operator);
      expect({ path, status, reason: body.error?.data.reason }).not.toMatchObject({ reason: "OVERLOADED" });
    }
    for (const path of ["/api/orders/1", "/api/tasks/t"]) {
      expect((await app.send(path, { token: operator.token })).status).toBe(404);
    }
    release.resolve();
    await holding;
  });

  it("shows a buyer nothing of another buyer's", async () => {
    await using test = await createTestDatabase();
    await using app = await startTestApp(test);
    const { itemIds } = await makeSale(test.database, [{ stock: 10, priceCents: 700 }]);
    const [itemId] = itemIds;
    const owner = await signedInBuyer(test);
    const other = await signedInBuyer(test);
    const key = crypto.randomUUID();
    const bought = await app.mutate("purchases.buy", { itemId, idempotencyKey: key }, owner.token);
    expect(bought.body.result.data.outcome).toBe("purchased");

    expect((await app.query("purchases.byKey", { idempotencyKey: key }, other.token)).body.result.data).toBeNull();
    expect((await app.query("purchases.mine", {}, other.token)).body.result.data.items).toEqual([]);
    const { purchaseId } = bought.body.result.data;
    const own = (await app.query("purchases.byId", { purchaseId }, owner.token)).body.result.data;
    expect(own).toEqual((await app.query("purchases.mine", {}, owner.token)).body.result.data.items[0]);
    const movements = await app.query("wallets.movements", {}, other.token);
    expect(movements.text).not.toContain(bought.body.result.data.purchaseId);
    // The same key in another's hands is another key.
    const theirs = await app.mutate("purchases.buy", { itemId, idempotencyKey: key }, other.token);
    expect(theirs.body.result.data).toMatchObject({ outcome: "purchased", replayed: false, position: 2 });
    // Asked for once the other buyer has a purchase too: it is not answered in its place.
    expect((await app.query("purchases.byId", { purchaseId }, other.token)).status).toBe(404);
    expect((await app.query("wallets.mine", undefined, owner.token)).body.result.data.balanceCents).toBe(999_300);
  });

  it("shows an order to whoever placed it and to operators, and to others as if it were not there", async () => {
    await using test = await createTestDatabase();
    await using app = await startTestApp(test);
    const [productId] = await makeProducts(test.database, [{ units: 10 }]);
    const owner = await signedInBuyer(test);
    const other = await signedInBuyer(test);
    const operator = await signedInOperator(test);
    const input = { lines: [{ productId, quantity: 1 }], idempotencyKey: "mine" };
    const placed = await app.mutate("orders.place", input, owner.token);
    const { orderId } = placed.body.result.data.order;

    for (const { token } of [owner, operator]) {
      expect((await app.query("orders.byId", { orderId }, token)).body.result.data.orderId).toBe(orderId);
      expect((await app.send(`/api/orders/${orderId}`, { token })).body.orderId).toBe(orderId);
    }
    const foreign = await app.query("orders.byId", { orderId }, other.token);
    const absent = await app.query("orders.byId", { orderId: orderId + 1 }, other.token);
    expect(foreign.status).toBe(404);
    expect(foreign.body.error.data.reason).toBe(absent.body.error.data.reason);
    const foreignByRest = await app.send(`/api/orders/${orderId}`, { token: other.token });
    expect(foreignByRest).toMatchObject({ status: 404, body: { code: "NOT_FOUND" } });
    expect((await app.send(`/api/orders/${orderId}`)).status).toBe(401);

    expect((await app.query("orders.byKey", { idempotencyKey: "mine" }, other.token)).body.result.data).toBeNull();
    expect((await app.query("orders.mine", {}, other.token)).body.result.data.items).toEqual([]);
    // The same key in another's hands is another key.
    const theirs = await app.mutate("orders.place", input, other.token);
    expect(theirs.body.result.data).toMatchObject({ outcome: "placed", replayed: false });
    expect(theirs.body.result.data.order.customerId).toBe(other.id);
  });

  it("does nothing for a page that takes somebody else for signed in", async () => {
    await using test = await createTestDatabase();
    await using app = await startTestApp(test);
    const { itemIds } = await makeSale(test.database, [{ stock: 10 }]);
    const [productId] = await makeProducts(test.database, [{ units: 10 }]);
    const [meant, { id, token }] = [await signedInBuyer(test), await signedInBuyer(test)];
    const buy = { itemId: itemIds[0], idempotencyKey: "buy" };
    const order = { lines: [{ productId, quantity: 1 }], idempotencyKey: "order" };
    const topUp = { amountCents: 100, idempotencyKey: "top-up" };
    const byRest = { "idempotency-key": "rest", "x-user-id": meant.id };
    const headers = { "x-user-id": meant.id };
    // The first try looks the session up, the others find it remembered.
    for (const { path, ...request } of [
      { path: "/trpc/purchases.buy", headers, body: buy },
      { path: "/trpc/purchases.buy?batch=1", headers, body: { 0: buy } },
      { path: "/trpc/orders.place", headers, body: order },
      { path: "/trpc/wallets.topUp", headers, body: topUp },
      { path: "/trpc/wallets.mine", headers },
      { path: "/api/purchase/", headers: byRest, body: { item_id: buy.itemId } },
    ]) {
      expect({ path, status: (await app.send(path, { ...request, token })).status }).toEqual({ path, status: 401 });
    }
    const statement = await app.query("wallets.movements", {}, token);
    expect(statement.body.result.data.items).toMatchObject([{ kind: "opening" }]);

    const bought = await app.send("/trpc/purchases.buy", { headers: { "x-user-id": id }, body: buy, token });
    expect(bought.body.result.data.outcome).toBe("purchased");
  });

  it("lets no REST route act for somebody else", async () => {
    await using test = await createTestDatabase();
    await using app = await startTestApp(test);
    const { itemIds } = await makeSale(test.database, [{ stock: 10 }]);
    const buyer = await signedInBuyer(test);
    const other = await signedInBuyer(test);
    const headers = { "idempotency-key": "k" };
    const body = { item_id: itemIds[0], user_id: other.id };
    expect((await app.send("/api/purchase/", { headers, body })).status).toBe(401);
    expect((await app.send("/api/purchase/", { headers, body, token: buyer.token })).status).toBe(403);
    expect((await app.query("purchases.mine", {}, other.token)).body.result.data.items).toEqual([]);

    const [productId] = await makeProducts(test.database, [{ units: 10 }]);
    const order = { customerId: other.id, productId, quantity: 1 };
    expect((await app.send("/api/orders", { headers, body: order })).status).toBe(401);
    const asAnother = await app.send("/api/orders", { headers, body: order, token: buyer.token });
    expect(asAnother).toMatchObject({ status: 403, body: { code: "FORBIDDEN" } });
    expect((await app.query("orders.mine", {}, other.token)).body.result.data.items).toEqual([]);
  });
});

/** Neither a fault nor a limit: who asks is what decides. */
function isNoFault({ status }: { status: number }): boolean {
  return status < 500 && status !== 429;
}

/** What is bought is its buyer's and staff's to see. */
const MAY_SEE_IT = new Set(["buyer", "auditor", "operator without money", "operator"]);

const has = (text: string) => expect.stringContaining(text);

/** Of the docs, public as the page's files are. */
function isFile(route: string): boolean {
  return /^(GET|HEAD) \/docs\/[\w-]+\.\w+$/.test(route);
}

const PLENTY = {
  LIMIT_ANONYMOUS_PER_SECOND: "10000",
  LIMIT_ANONYMOUS_BURST: "10000",
  LIMIT_READS_PER_SECOND: "10000",
  LIMIT_READS_BURST: "10000",
  LIMIT_SIGN_INS_PER_SECOND: "1000",
  LIMIT_SIGN_INS_BURST: "1000",
};

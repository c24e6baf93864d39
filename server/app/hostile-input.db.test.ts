import { connect } from "node:net";
import { describe, expect, it } from "vitest";
import { reconcile } from "../operations/reconcile.ts";
import { createFamily } from "../products/families/create.ts";
import { makeProducts, makeSale } from "../testing/factories.ts";
import { createTestDatabase, type TestDatabase } from "../testing/test-database.ts";
import { startTestWarehouse, WAREHOUSE_SECRET } from "../warehouse/service/warehouse.fixture.ts";
import { signedInBuyer, signedInOperator, startTestApp, type TestAnswer, type TestApp } from "./app.fixture.ts";
import { createRouter } from "./router.ts";
import type { Services } from "./services.ts";

/*
 * Whatever is sent, the answer is the caller's fault (4xx), in our words, without a stack, and nothing has changed.
 */

const LONE_SURROGATE = "\ud800";
const HOSTILE_VALUES: readonly unknown[] = [
  null,
  [],
  {},
  "",
  "1",
  "NaN",
  true,
  -0,
  -1,
  0,
  1.5,
  2 ** 31,
  2 ** 53,
  1e308,
  ["1"],
  { toString: "x" },
  "\u0000",
  LONE_SURROGATE,
  "a\r\nb: c",
  "x".repeat(10_000),
];

/** Sent as they are: what JSON.stringify would not write. */
const HOSTILE_BODIES: readonly string[] = [
  "null",
  "[]",
  '"text"',
  "1",
  "{",
  "{}}",
  "NaN",
  '{"__proto__":{"role":"operator"}}',
  '{"constructor":{"prototype":{"role":"operator"}}}',
  '{"payload":{"a":[{"__proto__":{"role":"operator"}}]}}',
  `${"[".repeat(10_000)}${"]".repeat(10_000)}`,
  `${'{"a":'.repeat(5_000)}1${"}".repeat(5_000)}`,
  '{"itemId":1e999,"idempotencyKey":"k"}',
  '{"itemId":1,"idempotencyKey":"k","price":1}',
  '{"itemId":1,"quantity":1,"idempotencyKey":"k","userId":"00000000-0000-4000-8000-000000000000"}',
  '{"itemId":1,"idempotencyKey":"k","balance":1,"role":"operator"}',
  '{"itemId":1,"itemId":"2","idempotencyKey":"k","__proto__":1}',
];

/** What is there to be changed, so that an input that gets through would change it. */
interface Targets {
  readonly saleId: number;
  readonly itemId: number;
  readonly userId: string;
  readonly purchaseId: string;
  readonly productId: number;
  readonly orderId: number;
  readonly familyId: number;
}

/** Inputs that would be right, whose fields are made hostile one after the other. */
function goodInputs(targets: Targets): Record<string, Record<string, unknown>> {
  const { saleId, itemId, userId, purchaseId, productId, orderId, familyId } = targets;
  const family = {
    ...{ name: "x", optionNames: ["x"] },
    variants: ["x", "y"].map((value, index) => ({ productId: productId + index, values: [value] })),
  };
  const idempotencyKey = "k";
  const pageOf = { cursor: null, limit: 10 };
  const period = { from: "2026-01-01T00:00:00Z", to: "2126-01-01T00:00:00Z" };
  return {
    "sales.list": { ...pageOf, status: "live" },
    "sales.byId": { saleId },
    "sales.ofProduct": { ...pageOf, productId },
    "sales.watch": { saleId },
    "figures.watch": { saleId },
    "figures.current": {},
    "sales.overview": { ...pageOf, status: "live", sort: "name", descending: true, search: "x" },
    "sales.details": { saleId },
    "sales.create": {
      name: "x",
      startsAt: "2026-01-01T00:00:00Z",
      endsAt: "2026-01-02T00:00:00Z",
      limitPerCustomer: 2,
      items: [{ name: "x", priceCents: 100, stock: 1 }],
    },
    "sales.update": {
      saleId,
      name: "x",
      startsAt: "2026-01-01T00:00:00Z",
      endsAt: "2126-01-02T00:00:00Z",
      items: [{ itemId, name: "x" }],
      addItems: [{ name: "x", priceCents: 100, stock: 1 }],
      removeItemIds: [],
      order: [{ itemId }, { added: 0 }],
      edits: 0,
      reason: "x",
    },
    "sales.enter": { saleId, code: "k" },
    "sales.admission": { saleId },
    "sales.codes": { ...pageOf, saleId },
    "sales.addCodes": { saleId, codes: ["code"], usesMax: 1, reason: "x" },
    "sales.removeCode": { codeId: 2 ** 31, reason: "x" },
    "sales.pause": { saleId, edits: 0, reason: "x" },
    "sales.resume": { saleId, edits: 0, reason: "x" },
    "sales.cancel": { saleId, edits: 0, reason: "x" },
    "sales.adjustStock": { itemId, change: 1, reason: "x", edits: 0, idempotencyKey },
    "purchases.buy": { itemId, quantity: 1, idempotencyKey },
    "purchases.byKey": { idempotencyKey },
    "purchases.byId": { purchaseId },
    "purchases.mine": pageOf,
    "purchases.list": { ...pageOf, userId, itemId, purchaseId, idempotencyKey },
    "purchases.refund": { purchaseId, reason: "x", idempotencyKey },
    "products.list": { ...pageOf, search: "x", productIds: [productId] },
    "products.all": { ...pageOf, search: "x", show: "available", sort: "price", descending: true },
    "products.byId": { productId },
    "products.history": { ...pageOf, productId },
    "products.create": { name: "x", description: "x", imageUrl: "/x.svg", priceCents: 100, available: false },
    "products.update": {
      productId,
      name: "x",
      description: "x",
      imageUrl: "/x.svg",
      priceCents: 1,
      available: false,
      reason: "x",
      edits: 0,
    },
    "products.receive": { productId, warehouseId: 1, units: 1, reason: "x", idempotencyKey },
    "families.list": { ...pageOf, search: "x" },
    "families.byId": { familyId },
    "families.create": family,
    "families.update": { familyId, ...family, edits: 0 },
    "families.remove": { familyId, edits: 0 },
    "warehouses.list": pageOf,
    "warehouses.create": { name: "x" },
    "warehouses.rename": { warehouseId: 1, name: "x", edits: 0 },
    "orders.place": { lines: [{ productId, quantity: 1 }], warehouseId: 1, idempotencyKey },
    "orders.mine": pageOf,
    "orders.list": { ...pageOf, userId, idempotencyKey },
    "orders.byId": { orderId },
    "orders.byKey": { idempotencyKey },
    "orders.refund": { orderId, reason: "x", idempotencyKey },
    "tasks.submit": {
      taskId: "k",
      kind: "simulate",
      payload: {},
      delayMs: 1,
      failureRate: 0.5,
      priority: 1,
      runAfterMs: 1,
      attemptsMax: 1,
      backoffMinMs: 1,
      backoffMaxMs: 1,
      leaseMs: 1_000,
    },
    "tasks.list": { ...pageOf, status: "FAILED", kind: "dispatch", taskId: "k" },
    "tasks.byId": { taskId: "k" },
    "tasks.retry": { taskId: "k" },
    "wallets.mine": {},
    "wallets.movements": pageOf,
    "wallets.statement": { ...pageOf, userId },
    "wallets.topUp": { amountCents: 100, idempotencyKey },
    "wallets.credit": { userId, amountCents: 100, reason: "x", idempotencyKey },
    "users.list": { ...pageOf, search: "x" },
    "users.byId": { userId },
    "users.setActive": { userId, active: true, reason: "x" },
    "users.setRole": { userId, role: "buyer", mayMoveMoney: false, reason: "x" },
    "users.sessions": { userId },
    "users.mySessions": {},
    "users.endMySessions": { sessionId: purchaseId, others: false },
    "keys.list": {},
    "keys.create": { name: "x", scopes: ["read"], expiresAt: "2126-01-01T00:00:00Z" },
    "keys.revoke": { keyId: purchaseId, reason: "x" },
    "users.signOut": { userId, sessionId: purchaseId, reason: "x" },
    "warehouse.stock": { ...pageOf, search: "x" },
    "warehouse.updates": { ...pageOf, productId, reference: "k", afterId: 1 },
    "warehouse.breaker": {},
    "operations.reconcile": {},
    "operations.reconcileState": {},
    "operations.metrics": {},
    "operations.chaos": { action: "start", fault: "latency", durationMs: 1_000, latencyMs: 1, rate: 0.5 },
    "operations.chaosState": {},
    "operations.rehearse": { saleId, crowd: { buyers: 1, seconds: 1 }, measureCapacity: false, besideRealSales: false },
    "operations.rehearsals": { ...pageOf, saleId },
    "operations.rehearsal": { rehearsalId: 1 },
    "operations.stopRehearsal": { rehearsalId: 1 },
    "operations.deleteRehearsal": { rehearsalId: 1 },
    "operations.verdict": {},
    "audit.list": {
      ...pageOf,
      actorId: userId,
      action: "orders.*",
      subject: "order:1",
      outcome: "success",
      ...period,
    },
    "record.attempts": { ...pageOf, userId, saleId, itemId, outcome: "refused", ...period },
    "record.orders": { ...pageOf, userId, productId, status: "confirmed", ...period },
    "record.refunds": { ...pageOf, userId, saleId, itemId, ...period },
    "record.credits": { ...pageOf, userId, kind: "credit", ...period },
    "record.summary": { first: "2026-01-01", last: "2026-01-31", zone: "Europe/Berlin", saleId },
    "record.path": { userId, idempotencyKey },
    "proof.state": {},
    "proof.start": { kind: "chain" },
    "proof.heads": { ...pageOf },
    "proof.signed": {},
  };
}

/**
 * The hostile values that are right in a field after all, by what they are called wherever they stand. They are sent
 * last, because they may change something. A value that is not here has to be refused.
 */
const GOOD_VALUES: Record<string, readonly unknown[]> = {
  // An id of nothing that there is.
  saleId: [2 ** 31],
  itemId: [2 ** 31],
  productId: [2 ** 31],
  warehouseId: [2 ** 31],
  orderId: [2 ** 31],
  familyId: [2 ** 31],
  rehearsalId: [2 ** 31],
  // Keys may be any visible ASCII characters.
  idempotencyKey: ["1", "NaN"],
  // Names and reasons may be anything that can be read, on several lines too.
  name: ["1", "NaN", "a\r\nb: c"],
  reason: ["1", "NaN", "a\r\nb: c"],
  action: ["1", "NaN", "a\r\nb: c"],
  subject: ["1", "NaN", "a\r\nb: c"],
  description: ["", "1", "NaN", "a\r\nb: c"],
  search: ["", "1", "NaN", "a\r\nb: c"],
  active: [true],
  others: [true],
  descending: [true],
  available: [true],
  measureCapacity: [true],
  besideRealSales: [true],
  taskId: ["1", "NaN"],
  // Any JSON that can be stored.
  payload: HOSTILE_VALUES.filter((value) => value !== "\u0000" && value !== LONE_SURROGATE),
  // As many as anybody may have seen.
  edits: [0, -0, 2 ** 31],
  delayMs: [0, -0],
  runAfterMs: [0, -0],
  failureRate: [0, -0],
  priority: [0, -0, -1],
  // Of no sale; and any number of uses.
  code: ["1", "NaN", "a\r\nb: c"],
  codeId: [2 ** 31],
  usesMax: [null],
  // None.
  limitPerCustomer: [null],
  // No picture.
  imageUrl: [null],
  // Of no products.
  productIds: [[]],
  // What is chosen may be called anything.
  optionNames: [["1"]],
  // One unit out of stock.
  change: [-1],
  // The first page.
  cursor: [null],
  // A change that leaves out the items.
  "sales.update items": [[]],
  "sales.update addItems": [[]],
  "sales.update removeItemIds": [[]],
  "sales.update order": [[]],
  "operations.chaos action": [],
  // A purchase or an order, by whatever name.
  reference: ["1", "NaN"],
  afterId: [0, -0, 2 ** 31],
};

const procedures = Object.entries(createRouter({} as Services)._def.procedures).map(([path, procedure]) => ({
  path,
  type: (procedure as unknown as { _def: { type: string } })._def.type,
}));

describe("hostile input", () => {
  it("is refused by every procedure, field by field, and changes nothing", async () => {
    await using test = await createTestDatabase();
    await using warehouse = await startTestWarehouse(test, { chaosAllowed: ["latency"] });
    await using app = await startTestApp(test, {
      ...{ WAREHOUSE_URL: warehouse.url, WAREHOUSE_SECRET },
      // Thousands of questions of one operator.
      LIMIT_READS_BURST: "1000000",
    });
    const operator = await signedInOperator(test);
    const inputs = goodInputs(await makeTargets(test, app));
    expect(Object.keys(inputs).sort()).toEqual(procedures.map(({ path }) => path).sort());
    const before = await everyRow(test);

    const good: (() => Promise<void>)[] = [];
    for (const { path, type } of procedures) {
      const input = inputs[path] ?? {};
      const send = (text: string) =>
        type === "mutation"
          ? app.mutate(path, text, operator.token)
          : app.send(`/trpc/${path}?input=${encodeURIComponent(text.toWellFormed())}`, { token: operator.token });
      for (const field of Object.keys(input)) {
        for (const value of HOSTILE_VALUES) {
          const text = JSON.stringify({ ...input, [field]: value });
          const what = `${path} ${field} ${JSON.stringify(value).slice(0, 40)}`;
          if (isGood(path, field, value)) good.push(async () => expectNoFault(await send(text), what));
          else expectRefused(await send(text), what);
        }
      }
      for (const body of HOSTILE_BODIES) {
        expectRefused(await send(body), `${path} ${body.slice(0, 60)}`);
      }
      expectRefused(await send(JSON.stringify({ ...input, isAdmin: true })), `${path} extra`);
    }
    expect(await everyRow(test)).toEqual(before);
    for (const send of good) await send();
    expect(app.logged()).not.toContain("request failed");
    expect(await reconcile(test.database)).toMatchObject({ ok: true });
  });

  it("is refused by every REST route", async () => {
    await using test = await createTestDatabase();
    await using app = await startTestApp(test);
    const { itemIds } = await makeSale(test.database, [{ stock: 10 }]);
    const [productId] = await makeProducts(test.database, [{ units: 10 }]);
    const buyer = await signedInBuyer(test);
    const before = await everyRow(test);
    const headers = { "idempotency-key": "k" };
    const routes = [
      { path: "/api/purchase/", good: { item_id: itemIds[0], quantity: 1, user_id: buyer.id } },
      { path: "/api/orders", good: { productId, quantity: 1, customerId: buyer.id } },
      { path: "/api/orders", good: { lines: [{ productId, quantity: 1 }], warehouseId: 1, customerId: buyer.id } },
      { path: "/api/auth/sign-up/email", good: { email: "a@example.com", password: "long enough", name: "A" } },
      { path: "/api/auth/sign-in/email", good: { email: "a@example.com", password: "long enough" } },
    ];
    for (const { path, good } of routes) {
      for (const field of Object.keys(good)) {
        for (const value of HOSTILE_VALUES) {
          if (isGood(path, field, value)) continue;
          const answer = await app.send(path, { token: buyer.token, headers, body: { ...good, [field]: value } });
          expectProblem(answer, `${path} ${field} ${String(JSON.stringify(value)).slice(0, 40)}`);
        }
      }
      for (const body of HOSTILE_BODIES) {
        expectProblem(await app.send(path, { token: buyer.token, headers, body }), `${path} ${body.slice(0, 40)}`);
      }
      for (const extra of ["price", "balance", "role", "active", "emailVerified", "userId"]) {
        const answer = await app.send(path, { token: buyer.token, headers, body: { ...good, [extra]: 1 } });
        expect({ path, extra, status: answer.status }).toEqual({ path, extra, status: 400 });
      }
    }
    expect(await everyRow(test)).toEqual(before);
    expect(app.logged()).not.toContain("request failed");
  });

  it("is refused in the lines of an order and in the address of one, through both doors", async () => {
    await using test = await createTestDatabase();
    await using app = await startTestApp(test);
    const [productId] = await makeProducts(test.database, [{ units: 10 }]);
    const { token } = await signedInBuyer(test);
    const before = await everyRow(test);
    const headers = { "idempotency-key": "k" };
    const good = { productId, quantity: 1 };
    const lines = [
      ...Object.keys(good).flatMap((field) => HOSTILE_VALUES.map((value) => ({ ...good, [field]: value }))),
      ...HOSTILE_VALUES,
      { ...good, price: 1 },
      { ...good, quantity: 101 },
    ].filter((line) => !Object.is((line as { productId?: unknown } | null)?.productId, 2 ** 31));
    for (const line of lines) {
      const what = String(JSON.stringify(line)).slice(0, 60);
      const input = { lines: [good, line], idempotencyKey: "k" };
      expectRefused(await app.mutate("orders.place", input, token), what);
      expectProblem(await app.send("/api/orders", { token, headers, body: { lines: [good, line] } }), what);
    }
    const many = Array(101).fill(good);
    expectRefused(await app.mutate("orders.place", { lines: many, idempotencyKey: "k" }, token), "101 lines");
    expectProblem(await app.send("/api/orders", { token, headers, body: { lines: many } }), "101 lines");
    for (const id of ["0", "-1", "1.5", "1e3", "0x1", "9007199254740993", "%00", "a", "1;", "+1", " 1", "null"]) {
      const answer = await app.send(`/api/orders/${id}`, { token });
      expect({ id, status: answer.status }).toEqual({ id, status: 400 });
    }
    expect(await everyRow(test)).toEqual(before);
    expect(app.logged()).not.toContain("request failed");
  });

  it("is refused in the header that carries the key", async () => {
    await using test = await createTestDatabase();
    await using app = await startTestApp(test);
    const { itemIds } = await makeSale(test.database, [{ stock: 10 }]);
    const [productId] = await makeProducts(test.database, [{ units: 10 }]);
    const { token } = await signedInBuyer(test);
    const routes = [
      { path: "/api/purchase/", body: { item_id: itemIds[0] } },
      { path: "/api/orders", body: { productId, quantity: 1 } },
    ];
    for (const { path, body } of routes) {
      for (const key of ["", " ", "with space", "é", "x".repeat(256)]) {
        const { status, body: problem } = await app.send(path, { token, headers: { "idempotency-key": key }, body });
        expect({ path, key, status, code: problem.code }).toEqual({ path, key, status: 400, code: "INVALID_INPUT" });
      }
      const missing = await app.send(path, { token, body });
      expect(missing.status).toBe(400);
      expect(missing.body.message).toContain("Idempotency-Key");
    }
  });

  it("is refused as what it is: not JSON, too large, too many, not a path", async () => {
    await using test = await createTestDatabase();
    await using app = await startTestApp(test);
    const buyer = await signedInBuyer(test);
    const { token } = buyer;
    for (const path of ["/trpc/purchases.buy", "/api/purchase/", "/api/orders", "/api/auth/sign-in/email"]) {
      for (const type of ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x", "x"]) {
        const answer = await app.send(path, { token, headers: { "content-type": type }, body: "{}" });
        expect({ path, type, status: answer.status }).toEqual({ path, type, status: 415 });
      }
      const large = await app.send(path, { token, body: JSON.stringify({ x: "x".repeat(10 * 1024 * 1024) }) });
      expect({ path, status: large.status }).toEqual({ path, status: 413 });
      const justTooLarge = await app.send(path, { token, body: JSON.stringify({ x: "x".repeat(64 * 1024) }) });
      expect({ path, status: justTooLarge.status }).toEqual({ path, status: 413 });
    }
    const many = (count: number) => `/trpc/${Array(count).fill("sales.list").join(",")}?batch=1&input=%7B%7D`;
    expect((await app.send(many(21))).status).toBe(400);
    expect((await app.send(many(10_000))).status).toBeGreaterThanOrEqual(400);
    expect((await app.send(many(10_000))).status).toBeLessThan(500);
    expect((await app.send(many(20))).status).not.toBe(404);
    for (const path of [
      "/%",
      "/%ff",
      "/trpc/%",
      "/trpc/%25",
      "/trpc/sales.list%00",
      "/api/purchase/%c0%af",
      "/..%2f..%2fetc",
    ]) {
      const answer = await app.send(path);
      expect({ path, ok: answer.status >= 400 && answer.status < 500 }).toEqual({ path, ok: true });
    }
    for (const path of ["__proto__", "constructor", "sales.__proto__", "sales.constructor", "toString", "sales", ""]) {
      expect({ path, status: (await app.send(`/trpc/${path}`)).status }).toEqual({ path, status: 404 });
    }
    for (const input of ["%", "{", "%7B%22cursor%22%3A", "%00", "[1", '{"0":1}']) {
      const answer = await app.send(`/trpc/sales.list?input=${input}`);
      expect({ input, status: answer.status }).toEqual({ input, status: 400 });
      expect((await app.send(`/trpc/sales.list?batch=1&input=${input}`)).status).toBe(400);
    }
    expect(app.logged()).not.toContain("request failed");
  });

  it("is refused below the level of requests too", async () => {
    await using test = await createTestDatabase();
    await using app = await startTestApp(test);
    const raw = [
      "GET / HTTP/1.1\r\nHost: [\r\nConnection: close\r\n\r\n",
      "GET /trpc/sales.list HTTP/1.1\r\nHost: \r\nConnection: close\r\n\r\n",
      "GET /trpc/sales.list?input=%7B%7D HTTP/1.1\r\nHost: a b c\r\nConnection: close\r\n\r\n",
      "GET /trpc/sales.list?input=%7B%7D HTTP/1.0\r\n\r\n",
      "GET http://[/ HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n",
      "GET //evil.example/trpc/sales.list HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n",
      "POST /trpc/purchases.buy HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\nContent-Length: 6\r\nConnection: close\r\n\r\n{}",
      "POST /trpc/purchases.buy HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\nContent-Length: 6\r\n\r\n0\r\n\r\n",
      `GET /${"a".repeat(70_000)} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n`,
      "BREW /pot HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n",
      "GET /trpc/sales.list?input=%7B%7D HTTP/1.1\r\nHost: x\r\nCookie: doorbuster.session_token=%E0%A4%A; a\r\nConnection: close\r\n\r\n",
      "GET /trpc/sales.list?input=%7B%7D HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer\r\nConnection: close\r\n\r\n",
      "\u0000\u0001\u0002\r\n\r\n",
    ];
    for (const text of raw) {
      const answer = await sendRaw(app.url, text);
      expect({ text: text.slice(0, 60), answer: answer.slice(0, 12) }).toSatisfy(
        ({ answer: start }: { answer: string }) => /^HTTP\/1\.1 [24]/.test(start),
      );
      expect(answer).not.toContain("    at ");
    }
    expect(app.logged()).not.toContain("request failed");
    expect((await app.send("/health/live")).status).toBe(200);
  });
});

/** Whether one of the hostile values happens to be right there. */
function isGood(path: string, field: string, value: unknown): boolean {
  // A password that nobody can have is wrong rather than invalid: 401.
  if (path === "/api/auth/sign-in/email" && field === "password") return typeof value === "string";
  const good = GOOD_VALUES[`${path} ${field}`] ?? GOOD_VALUES[field] ?? [];
  return good.some((each) => JSON.stringify(each) === JSON.stringify(value));
}

/** A sale that is live, with an item that somebody has bought, and a product of the catalogue that they have ordered. */
async function makeTargets(test: TestDatabase, app: TestApp): Promise<Targets> {
  const { saleId, itemIds } = await makeSale(test.database, [{ stock: 10 }]);
  const itemId = itemIds[0] ?? 0;
  const buyer = await signedInBuyer(test);
  const bought = await app.mutate("purchases.buy", { itemId, idempotencyKey: "bought" }, buyer.token);
  const [productId = 0, otherId = 0] = await makeProducts(test.database, [{ units: 10 }, {}]);
  const { id: familyId } = await createFamily(test.database, buyer.id, {
    ...{ name: "A family", optionNames: ["Size"] },
    variants: [
      { productId, values: ["S"] },
      { productId: otherId, values: ["M"] },
    ],
  });
  const basket = { lines: [{ productId, quantity: 1 }], idempotencyKey: "ordered" };
  const ordered = await app.mutate("orders.place", basket, buyer.token);
  const { purchaseId } = bought.body.result.data;
  const { orderId } = ordered.body.result.data.order;
  return { saleId, itemId, userId: buyer.id, purchaseId, productId, orderId, familyId };
}

/** What stands in each table: how many rows, and a sum over them. */
async function everyRow(test: TestDatabase): Promise<Record<string, unknown>> {
  const tables = await test.sql`select tablename as name from pg_tables where schemaname = ${test.schema} order by 1`;
  expect(tables.length).toBeGreaterThan(10);
  const rows: Record<string, unknown> = {};
  for (const { name } of tables) {
    [rows[name]] = await test.sql`
      select count(*)::int as count, md5(string_agg(t::text, E'\\n' order by t::text)) as sum
      from ${test.sql(name)} as t
    `;
  }
  return rows;
}

/** 400 with a code and a sentence. */
function expectRefused(answer: TestAnswer, what: string): void {
  expectNoFault(answer, what);
  // A subscription has begun to answer before it is refused: it says so in its first event.
  if (answer.headers.get("content-type") === "text/event-stream") {
    expect({ what, text: answer.text }).toEqual({ what, text: expect.stringContaining('"reason":"INVALID_INPUT"') });
    expect({ what, text: answer.text }).not.toEqual({ what, text: expect.stringContaining("event: message") });
    return;
  }
  const { status } = answer;
  const reason = status === 431 ? answer.body.code : answer.body.error?.data.reason;
  const expected = status === 431 ? { status, reason: "TOO_LARGE" } : { status: 400, reason: "INVALID_INPUT" };
  expect({ what, status, reason }).toEqual({ what, ...expected });
}

function expectNoFault(answer: TestAnswer, what: string): void {
  expect({ what, status: answer.status }).toSatisfy(({ status }: { status: number }) => status < 500);
  expect(answer.text).not.toMatch(/ {4}at |node_modules|\.ts:\d/);
  if (answer.status === 431) {
    // An address that is too long is refused before anybody knows what it asks for.
    expect(answer.body, what).toMatchObject({ status: 431, code: "TOO_LARGE", retryable: false });
  } else if (answer.status >= 400) {
    expect(answer.body.error.message, what).toBeTypeOf("string");
    expect(answer.body.error.data, what).toMatchObject({ httpStatus: answer.status, retryable: false });
    expect(answer.text.length).toBeLessThan(10_000);
  }
}

function expectProblem(answer: TestAnswer, what: string): void {
  expect({ what, status: answer.status }).toSatisfy(({ status }: { status: number }) => status >= 400 && status < 500);
  if (answer.body.outcome === "refused") return;
  expect(answer.headers.get("content-type"), what).toContain("application/problem+json");
  expect(answer.body, what).toMatchObject({ status: answer.status, retryable: false });
  expect(answer.text).not.toMatch(/ {4}at |node_modules|\.ts:\d/);
}

/** Speaks to the server without a client that would put things right; the answer until the server closes. */
function sendRaw(url: string, text: string): Promise<string> {
  return new Promise((resolve) => {
    const chunks: Buffer[] = [];
    const socket = connect(Number(new URL(url).port), "127.0.0.1", () => socket.write(text, "latin1"));
    socket.on("data", (chunk) => {
      chunks.push(chunk);
      if (!/connection: close/i.test(text)) socket.end();
    });
    socket.on("error", () => {});
    socket.on("close", () => resolve(Buffer.concat(chunks).toString("latin1")));
  });
}

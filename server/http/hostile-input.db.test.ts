import { connect } from "node:net";
import { sql } from "drizzle-orm";
import { describe, expect, it } from "vitest";
import { purchaseAttempts } from "../../drizzle/schema/index.ts";
import { appRouter } from "../app-router.ts";
import { reconcile } from "../operations/reconcile.ts";
import { makeSale } from "../testing/factories.ts";
import { createTestDatabase } from "../testing/test-database.ts";
import { signedInBuyer, signedInOperator, startTestApp, type TestAnswer } from "./app.fixture.ts";

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
  `${"[".repeat(10_000)}${"]".repeat(10_000)}`,
  `${'{"a":'.repeat(5_000)}1${"}".repeat(5_000)}`,
  '{"itemId":1e999,"idempotencyKey":"k"}',
  '{"itemId":1,"idempotencyKey":"k","price":1}',
  '{"itemId":1,"idempotencyKey":"k","userId":"00000000-0000-4000-8000-000000000000"}',
  '{"itemId":1,"idempotencyKey":"k","balance":1,"role":"operator"}',
  '{"itemId":1,"itemId":"2","idempotencyKey":"k","__proto__":1}',
];

/** Inputs that would be right, whose fields are made hostile one after the other. */
const GOOD_INPUTS: Record<string, Record<string, unknown>> = {
  "sales.list": { cursor: null, limit: 10 },
  "sales.byId": { saleId: 1 },
  "sales.watch": { saleId: 999_999 },
  "sales.create": {
    name: "x",
    startsAt: "2026-01-01T00:00:00Z",
    endsAt: "2026-01-02T00:00:00Z",
    items: [{ name: "x", priceCents: 100, stock: 1 }],
  },
  "sales.update": { saleId: 999_999, name: "x" },
  "sales.pause": { saleId: 999_999 },
  "sales.resume": { saleId: 999_999 },
  "sales.cancel": { saleId: 999_999 },
  "sales.adjustStock": { itemId: 999_999, change: 1, reason: "x", idempotencyKey: "k" },
  "purchases.buy": { itemId: 999_999, quantity: 1, idempotencyKey: "k" },
  "purchases.byKey": { idempotencyKey: "k" },
  "purchases.mine": { cursor: null, limit: 10 },
  "purchases.refund": { purchaseId: crypto.randomUUID(), idempotencyKey: "k" },
  "wallets.mine": {},
  "wallets.movements": { cursor: null, limit: 10 },
  "wallets.topUp": { amountCents: 100, idempotencyKey: "k" },
  "wallets.credit": { userId: crypto.randomUUID(), amountCents: 100, reason: "x", idempotencyKey: "k" },
  "users.list": { cursor: null, limit: 10, search: "x" },
  "users.byId": { userId: crypto.randomUUID() },
  "users.setActive": { userId: crypto.randomUUID(), active: true },
  "operations.reconcile": {},
};

const procedures = Object.entries(appRouter._def.procedures).map(([path, procedure]) => ({
  path,
  type: (procedure as unknown as { _def: { type: string } })._def.type,
}));

describe("hostile input", () => {
  it("is refused by every procedure, field by field", async () => {
    await using test = await createTestDatabase();
    await using app = await startTestApp(test);
    const operator = await signedInOperator(test);
    expect(Object.keys(GOOD_INPUTS).sort()).toEqual(procedures.map(({ path }) => path).sort());

    for (const { path, type } of procedures) {
      const good = GOOD_INPUTS[path] ?? {};
      const send = (input: string) =>
        type === "mutation"
          ? app.mutate(path, input, operator.token)
          : app.send(`/trpc/${path}?input=${encodeURIComponent(input.toWellFormed())}`, { token: operator.token });
      for (const field of Object.keys(good)) {
        for (const value of HOSTILE_VALUES) {
          if (isGood(path, field, value)) continue;
          expectNoFault(await send(JSON.stringify({ ...good, [field]: value })), `${path} ${field}`);
        }
      }
      for (const body of HOSTILE_BODIES) expectNoFault(await send(body), `${path} ${body.slice(0, 60)}`);
      if (Object.keys(good).length > 0) {
        const extra = await send(JSON.stringify({ ...good, role: "operator" }));
        // A stream may say it in its first event.
        const refused = extra.status === 400 || (type === "subscription" && extra.text.includes("INVALID_INPUT"));
        expect({ path, refused }).toEqual({ path, refused: true });
      }
    }
    expect(app.logged()).not.toContain("request failed");
    const [counted] = await test.database.db.select({ attempts: sql<number>`count(*)` }).from(purchaseAttempts);
    expect(counted?.attempts).toBe(0);
    expect(await reconcile(test.database)).toMatchObject({ ok: true });
  });

  it("is refused by every REST route", async () => {
    await using test = await createTestDatabase();
    await using app = await startTestApp(test);
    const { itemIds } = await makeSale(test.database, [{ stock: 10 }]);
    const buyer = await signedInBuyer(test);
    const headers = { "idempotency-key": "k" };
    const routes = [
      { path: "/api/purchase/", good: { item_id: itemIds[0], quantity: 1, user_id: buyer.id } },
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
    const users = await test.sql`select count(*)::int as n from users where email = 'a@example.com'`;
    expect(users[0]?.n).toBe(0);
    expect(app.logged()).not.toContain("request failed");
  });

  it("is refused in the header that carries the key", async () => {
    await using test = await createTestDatabase();
    await using app = await startTestApp(test);
    const { itemIds } = await makeSale(test.database, [{ stock: 10 }]);
    const buyer = await signedInBuyer(test);
    const body = { item_id: itemIds[0] };
    for (const key of ["", " ", "with space", "é", "x".repeat(256)]) {
      const answer = await app.send("/api/purchase/", {
        token: buyer.token,
        headers: { "idempotency-key": key },
        body,
      });
      expect({ key, status: answer.status, code: answer.body.code }).toEqual({
        key,
        status: 400,
        code: "INVALID_INPUT",
      });
    }
    const missing = await app.send("/api/purchase/", { token: buyer.token, body });
    expect(missing.status).toBe(400);
    expect(missing.body.message).toContain("Idempotency-Key");
  });

  it("is refused as what it is: not JSON, too large, too many, not a path", async () => {
    await using test = await createTestDatabase();
    await using app = await startTestApp(test);
    const buyer = await signedInBuyer(test);
    const { token } = buyer;
    for (const path of ["/trpc/purchases.buy", "/api/purchase/", "/api/auth/sign-in/email"]) {
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

const GOOD_NAMES: ReadonlySet<unknown> = new Set(["1", "NaN", "a\r\nb: c"]);

/** Which of the hostile values happen to be right somewhere. */
function isGood(path: string, field: string, value: unknown): boolean {
  // Names may be anything that can be read.
  if (path === "/api/auth/sign-up/email" && field === "name") return GOOD_NAMES.has(value);
  return path === "/api/auth/sign-in/email" && field === "password" && typeof value === "string";
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

import { describe, expect, it } from "vitest";
import { makeItem, makeSale } from "../testing/factories.ts";
import { createTestDatabase } from "../testing/test-database.ts";
import { signedInBuyer, signedInOperator, startTestApp, type TestApp } from "./app.fixture.ts";

const ORIGIN = "https://brand.example";
const ALLOWED = { ALLOWED_ORIGINS: `${ORIGIN},http://localhost:4321` };
/** As a browser sends what another site's page asks for. */
const FROM_THERE = { origin: ORIGIN, "sec-fetch-site": "cross-site" };

function corsHeaders({ headers }: { headers: Headers }): string[] {
  return [...headers.keys()].filter((name) => name.startsWith("access-control-"));
}

async function preflight(app: TestApp, path: string, origin = ORIGIN) {
  const headers = {
    origin,
    "access-control-request-method": "POST",
    "access-control-request-headers": "authorization",
  };
  return app.send(path, { method: "OPTIONS", headers });
}

describe("a page of an allowed origin", () => {
  it("is told before it sends what it may send, and that for two hours", async () => {
    await using test = await createTestDatabase();
    await using app = await startTestApp(test, ALLOWED);
    for (const path of ["/trpc/purchases.buy", "/api/purchase/", "/api/auth/sign-in/email", "/nowhere"]) {
      const answer = await preflight(app, path);
      expect(answer).toMatchObject({ status: 204, text: "" });
      const headers = Object.fromEntries(answer.headers);
      expect(headers).toMatchObject({ "access-control-allow-origin": ORIGIN, "access-control-max-age": "7200" });
      expect(headers["access-control-allow-headers"]).toContain("idempotency-key");
      expect(headers.vary).toContain("origin");
      expect(headers).not.toHaveProperty("access-control-allow-credentials");
    }
  });

  it("signs people in, buys with their token, and reads answers, errors and streams", async () => {
    await using test = await createTestDatabase();
    await using app = await startTestApp(test, ALLOWED);
    const { saleId, itemIds } = await makeSale(test.database, [{ stock: 5 }]);
    const account = { email: "ada@example.com", password: "seven quiet harbours" };
    const signedUp = await app.send("/api/auth/sign-up/email", { headers: FROM_THERE, body: account });
    expect(signedUp.status).toBe(200);
    expect(signedUp.headers.get("set-cookie")).toBeNull();
    const { token } = signedUp.body;
    const buy = { itemId: itemIds[0], idempotencyKey: "k" };
    const asks = [
      signedUp,
      await app.send("/trpc/purchases.buy", { headers: FROM_THERE, body: buy, token }),
      await app.send("/trpc/purchases.buy?batch=1", { headers: FROM_THERE, body: { 0: buy }, token }),
      await app.send("/trpc/sales.list", { headers: FROM_THERE }),
      await app.send("/trpc/users.list", { headers: FROM_THERE, token }),
      await app.send("/trpc/nothing.here", { headers: FROM_THERE }),
      await app.send("/api/purchase/", { headers: FROM_THERE, body: "{", token }),
      await app.send("/api/orders/1", { headers: FROM_THERE }),
    ];
    expect(asks.map(({ status }) => status)).toEqual([200, 200, 200, 200, 403, 404, 400, 401]);
    for (const answer of asks) {
      expect(answer.headers.get("access-control-allow-origin")).toBe(ORIGIN);
      expect(answer.headers.get("access-control-expose-headers")).toContain("retry-after");
    }

    const stream = new AbortController();
    const watch = `${app.url}/trpc/sales.watch?input=${encodeURIComponent(JSON.stringify({ saleId }))}`;
    const watched = await fetch(watch, { headers: FROM_THERE, signal: stream.signal });
    expect(watched.headers.get("content-type")).toContain("text/event-stream");
    expect(watched.headers.get("access-control-allow-origin")).toBe(ORIGIN);
    stream.abort();
    const refused = await app.send("/trpc/sales.watch?input=%7B%22saleId%22%3A99%7D", { headers: FROM_THERE });
    expect(refused.headers.get("access-control-allow-origin")).toBe(ORIGIN);
  });

  it("has nothing of the cookies that a browser sends along", async () => {
    await using test = await createTestDatabase();
    await using app = await startTestApp(test, ALLOWED);
    const itemId = await makeItem(test.database, { stock: 5 });
    const { token } = await signedInBuyer(test);
    const cookie = { ...FROM_THERE, cookie: `doorbuster.session_token=${encodeURIComponent(token)}` };
    expect((await app.send("/trpc/wallets.mine", { headers: cookie })).status).toBe(401);
    const buy = { itemId, idempotencyKey: "k" };
    expect((await app.send("/trpc/purchases.buy", { headers: cookie, body: buy })).status).toBe(401);
    // The shop's own page at the same name, by the browser's own word.
    const own = { ...cookie, "sec-fetch-site": "same-origin" };
    expect((await app.send("/trpc/wallets.mine", { headers: own })).status).toBe(200);
  });
});

it("a page of any other origin is told nothing, however much its name is like an allowed one", async () => {
  await using test = await createTestDatabase();
  await using app = await startTestApp(test, ALLOWED);
  const { token } = await signedInOperator(test);
  const others = ["https://brand.example.evil.example", "https://sub.brand.example", "http://brand.example", "null"];
  for (const origin of [...others, "https://BRAND.example", `${ORIGIN}:8443`]) {
    expect(corsHeaders(await app.send("/trpc/users.list", { headers: { origin }, token }))).toEqual([]);
    expect(corsHeaders(await preflight(app, "/trpc/purchases.buy", origin))).toEqual([]);
    const signIn = { headers: { origin, "sec-fetch-site": "cross-site" }, body: {} };
    expect((await app.send("/api/auth/sign-in/email", signIn)).status).toBe(403);
  }
});

it("without the setting there is no header of CORS", async () => {
  await using test = await createTestDatabase();
  await using app = await startTestApp(test);
  for (const answer of [
    await preflight(app, "/trpc/purchases.buy"),
    await app.send("/trpc/sales.list", { headers: FROM_THERE }),
    await app.send("/api/auth/sign-in/email", { headers: FROM_THERE, body: {} }),
  ]) {
    expect(corsHeaders(answer)).toEqual([]);
    expect(answer.headers.get("vary") ?? "").not.toContain("origin");
  }
});

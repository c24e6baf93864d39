import { describe, expect, it } from "vitest";
import { SESSION_COOKIE } from "../accounts/credential.ts";
import { makeItem } from "../testing/factories.ts";
import { createTestDatabase } from "../testing/test-database.ts";
import { signedInBuyer, startTestApp } from "./app.fixture.ts";

describe("a request that may change something", () => {
  it("is refused when a browser sends it from another site", async () => {
    await using test = await createTestDatabase();
    await using app = await startTestApp(test, { PUBLIC_URL: "https://shop.example" });
    const { token } = await signedInBuyer(test);
    const cookie = `${SESSION_COOKIE}=${encodeURIComponent(token)}`;
    const itemId = await makeItem(test.database, { stock: 100 });
    const { host } = new URL(app.url);
    const send = async (headers: Record<string, string>, path = "/trpc/purchases.buy") => {
      const key = crypto.randomUUID();
      const body = path.startsWith("/trpc") ? { itemId, idempotencyKey: key } : { item_id: itemId };
      return (await app.send(path, { headers: { cookie, "idempotency-key": key, ...headers }, body })).status;
    };
    for (const path of ["/trpc/purchases.buy", "/api/purchase/", "/api/auth/sign-out", "/api/auth/sign-in/email"]) {
      for (const foreign of [
        { origin: "https://evil.example" },
        { origin: "null" },
        { origin: `http://${host}.evil.example` },
        { origin: `http://localhost:1` },
        { origin: "not an origin" },
        { "sec-fetch-site": "cross-site" },
        { "sec-fetch-site": "same-site" },
        { "sec-fetch-site": "cross-site", origin: `http://${host}` },
        { "sec-fetch-site": "same-origin", origin: "https://evil.example" },
      ]) {
        expect({ path, foreign, status: await send(foreign as Record<string, string>, path) }).toEqual({
          path,
          foreign,
          status: 403,
        });
      }
    }
    for (const ours of [
      {},
      { origin: `http://${host}`, "sec-fetch-site": "same-origin" },
      { origin: `https://${host}` },
      { origin: "https://shop.example" },
      { "sec-fetch-site": "none" },
    ]) {
      expect({ ours, status: await send(ours as Record<string, string>) }).toEqual({ ours, status: 200 });
    }
    // No browser adds a bearer token by itself.
    const byToken = { cookie: "", authorization: `Bearer ${token}`, origin: "https://partner.example" };
    expect(await send(byToken)).toBe(200);
  });

  it("is never one of GET", async () => {
    await using test = await createTestDatabase();
    await using app = await startTestApp(test);
    const { token } = await signedInBuyer(test);
    const itemId = await makeItem(test.database, { stock: 1 });
    const byGet = await app.query("purchases.buy", { itemId, idempotencyKey: "k" }, token);
    expect(byGet).toMatchObject({ status: 405, body: { error: { data: { reason: "METHOD_NOT_ALLOWED" } } } });
    for (const method of ["GET", "PUT", "DELETE", "PATCH"]) {
      const answer = await app.send("/api/purchase/", { method, token });
      expect([answer.status, answer.headers.get("allow")]).toEqual([405, "POST"]);
    }
    expect((await app.send("/trpc/purchases.buy", { method: "PUT", token })).status).toBe(405);
    const mine = await app.query("purchases.mine", {}, token);
    expect(mine.body.result.data.items).toEqual([]);
  });
});

describe("every answer", () => {
  it("tells browsers to trust nothing", async () => {
    await using test = await createTestDatabase();
    await using app = await startTestApp(test);
    for (const path of ["/", "/trpc/sales.list", "/api/purchase/", "/api/auth/get-session", "/health/live"]) {
      const { headers } = await app.send(path);
      const policy = headers.get("content-security-policy") ?? "";
      expect(policy).toContain("default-src 'self'");
      expect(policy).toContain("script-src 'self'");
      expect(policy).toContain("frame-ancestors 'none'");
      expect(policy).not.toMatch(/unsafe|https?:|\*/);
      expect(headers.get("x-content-type-options")).toBe("nosniff");
      expect(headers.get("x-frame-options")).toBe("DENY");
      expect(headers.get("strict-transport-security")).toBeNull();
      expect(headers.get("access-control-allow-origin")).toBeNull();
    }
  });

  it("asks for TLS only where there is TLS", async () => {
    await using test = await createTestDatabase();
    await using behindProxy = await startTestApp(test, { TRUST_PROXY: "true" });
    const headers = { "x-forwarded-proto": "https" };
    const hsts = "strict-transport-security";
    expect((await behindProxy.send("/health/live", { headers })).headers.get(hsts)).toContain("max-age=");
    expect((await behindProxy.send("/health/live")).headers.get(hsts)).toBeNull();
    await using direct = await startTestApp(test);
    expect((await direct.send("/health/live", { headers })).headers.get(hsts)).toBeNull();
  });

  it("carries the request's id, in the header, the error and the log", async () => {
    await using test = await createTestDatabase();
    await using app = await startTestApp(test);
    const given = await app.send("/trpc/wallets.mine", { headers: { "x-request-id": "proxy-0001" } });
    expect(given.headers.get("x-request-id")).toBe("proxy-0001");
    expect(given.body.error.data.requestId).toBe("proxy-0001");
    const made = await app.send("/api/purchase/", { body: {} });
    expect(made.body.requestId).toBe(made.headers.get("x-request-id"));

    const { token } = await signedInBuyer(test);
    await test.sql`alter table wallets rename to wallets_gone`;
    const failed = await app.send("/trpc/wallets.mine", { token, headers: { "x-request-id": "proxy-0002" } });
    expect(failed).toMatchObject({ status: 500, body: { error: { data: { reason: "INTERNAL", retryable: false } } } });
    expect(failed.text).not.toMatch(/wallets_gone|relation|select|\.ts/);
    expect(app.logged()).toContain("proxy-0002");
    expect(app.logged()).toMatch(/relation .*wallets/);
    expect(app.logged()).not.toContain(token);
  });

  it("is a problem when a REST route fails", async () => {
    await using test = await createTestDatabase();
    await using app = await startTestApp(test);
    const answer = await app.send("/api/nothing");
    expect(answer.headers.get("content-type")).toBe("application/problem+json; charset=utf-8");
    expect(answer.body).toEqual({
      type: "urn:doorbuster:problem:not-found",
      title: expect.any(String),
      status: 404,
      code: "NOT_FOUND",
      message: expect.any(String),
      retryable: false,
      requestId: answer.headers.get("x-request-id"),
    });
  });

  it("holds no secret in its log, whatever fails", async () => {
    await using test = await createTestDatabase();
    await using app = await startTestApp(test);
    await test.sql`alter table accounts rename column password to pass_word`;
    const body = { email: "ada@example.com", password: "hunter2 hunter2" };
    const failed = await app.send("/api/auth/sign-up/email", { body });
    expect(failed).toMatchObject({ status: 500, body: { code: "INTERNAL" } });
    expect(app.logged()).toContain("pass");
    expect(app.logged()).not.toContain("hunter2");
    expect(app.logged()).not.toMatch(/[0-9a-f]{32}:[0-9a-f]{64}/);
  });
});

describe("health", () => {
  it("is live and ready while the database answers, and only live when it does not", async () => {
    await using test = await createTestDatabase();
    await using app = await startTestApp(test);
    expect(await app.send("/health/live")).toMatchObject({ status: 200, body: { status: "live" } });
    expect(await app.send("/health/ready")).toMatchObject({
      status: 200,
      body: { status: "ready", checks: { database: "ok", draining: false } },
    });
    await app.services.database.close();
    expect((await app.send("/health/live")).status).toBe(200);
    expect(await app.send("/health/ready")).toMatchObject({
      status: 503,
      body: { status: "not ready", checks: { database: "no answer" } },
    });
    const call = await app.query("sales.list", {});
    expect(call).toMatchObject({ status: 503, body: { error: { data: { reason: "UNAVAILABLE", retryable: true } } } });
    expect(call.headers.get("retry-after")).toBe("1");
  });
});

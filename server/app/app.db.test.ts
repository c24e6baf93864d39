import { once } from "node:events";
import { type IncomingMessage, request } from "node:http";
import { describe, expect, it } from "vitest";
import { SECURE_SESSION_COOKIE, SESSION_COOKIE } from "../accounts/credential.ts";
import { eventually } from "../testing/eventually.ts";
import { makeItem } from "../testing/factories.ts";
import { createTestDatabase, type TestDatabase } from "../testing/test-database.ts";
import { signedInBuyer, startTestApp, type TestApp } from "./app.fixture.ts";

describe("a request that may change something", () => {
  /** What is answered to purchases, and to the other routes that change something, by who they say sent them. */
  async function senderOf(test: TestDatabase, app: TestApp, cookieName: string) {
    const { token } = await signedInBuyer(test);
    const cookie = `${cookieName}=${encodeURIComponent(token)}`;
    const itemId = await makeItem(test.database, { stock: 100 });
    return async (headers: Record<string, string>, path = "/trpc/purchases.buy") => {
      const key = crypto.randomUUID();
      const body = path.startsWith("/trpc") ? { itemId, idempotencyKey: key } : { item_id: itemId };
      return (await app.send(path, { headers: { cookie, "idempotency-key": key, ...headers }, body })).status;
    };
  }

  const PATHS = ["/trpc/purchases.buy", "/api/purchase/", "/api/auth/sign-out", "/api/auth/sign-in/email"];

  it("is refused when a browser sends it from another site", async () => {
    await using test = await createTestDatabase();
    await using app = await startTestApp(test);
    const send = await senderOf(test, app, SESSION_COOKIE);
    const { host } = new URL(app.url);
    for (const path of PATHS) {
      for (const foreign of [
        { origin: "https://evil.example" },
        { origin: "null" },
        { origin: `http://${host}.evil.example` },
        { origin: `http://localhost:1` },
        { origin: "not an origin" },
        { origin: "https://evil.example", "sec-fetch-site": "none" },
        { "sec-fetch-site": "cross-site" },
        { "sec-fetch-site": "same-site" },
        { "sec-fetch-site": "cross-site", origin: `http://${host}` },
        { "sec-fetch-site": "Same-Origin" },
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
      // The browser has compared: a proxy did not pass the host on.
      { origin: "https://shop.example", "sec-fetch-site": "same-origin" },
      { "sec-fetch-site": "none" },
    ]) {
      expect({ ours, status: await send(ours as Record<string, string>) }).toEqual({ ours, status: 200 });
    }
    // No browser adds a bearer token by itself.
    const { token } = await signedInBuyer(test);
    const byToken = { cookie: "", authorization: `Bearer ${token}`, origin: "https://partner.example" };
    expect(await send(byToken)).toBe(200);
  });

  it("comes from the shop's one origin, scheme and port included, where that is set", async () => {
    await using test = await createTestDatabase();
    await using app = await startTestApp(test, { PUBLIC_URL: "https://shop.example" });
    const send = await senderOf(test, app, SECURE_SESSION_COOKIE);
    const { host } = new URL(app.url);
    for (const path of PATHS) {
      for (const origin of [
        "http://shop.example",
        "https://shop.example:8443",
        `http://${host}`,
        "https://a.shop.example",
      ]) {
        for (const site of ["same-origin", "none"]) {
          const status = await send({ origin, "sec-fetch-site": site }, path);
          expect({ path, origin, site, status }).toEqual({ path, origin, site, status: 403 });
        }
      }
    }
    for (const ours of [{}, { origin: "https://shop.example" }, { "sec-fetch-site": "same-origin" }]) {
      expect({ ours, status: await send(ours as Record<string, string>) }).toEqual({ ours, status: 200 });
    }
  });

  it("says to a person at an unknown address what to do, and to the log once which one that is", async () => {
    await using test = await createTestDatabase();
    await using behind = await startTestApp(test);
    const signIn = (app: TestApp, origin: string) =>
      app.send("/api/auth/sign-in/email", { headers: { origin }, body: { email: "a@example.com", password: "wrong" } });
    for (let time = 0; time < 20; time++) {
      const refused = await signIn(behind, "http://shop.example:8080");
      expect(refused).toMatchObject({ status: 403, body: { message: expect.stringContaining("PUBLIC_URL") } });
    }
    const lines = behind
      .logged()
      .split("\n")
      .filter((line) => line.includes("FOREIGN_ORIGIN"));
    expect(lines).toHaveLength(1);
    expect(JSON.parse(lines[0] ?? "")).toMatchObject({
      origin: "http://shop.example:8080",
      expected: new URL(behind.url).host,
      advice: expect.stringContaining("set PUBLIC_URL to it"),
    });
    await using known = await startTestApp(test, { PUBLIC_URL: "https://shop.example" });
    const { body } = await signIn(known, `http://${"x".repeat(10_000)}`);
    expect(body.message).toBe("This shop is at https://shop.example: please open it there.");
    expect(known.logged().length).toBeLessThan(5_000);
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
    const allowed = async (path: string, method: string) => {
      const { status, headers } = await app.send(path, { method, ...(method === "POST" && { body: {} }) });
      return [path, status, headers.get("allow")];
    };
    expect(await allowed("/trpc/purchases.buy", "GET")).toEqual(["/trpc/purchases.buy", 405, "POST"]);
    for (const path of ["/trpc/sales.list", "/health/ready", "/health/live", "/metrics", "/docs"])
      expect(await allowed(path, "POST")).toEqual([path, 405, "GET"]);
    const mine = await app.query("purchases.mine", {}, token);
    expect(mine.body.result.data.items).toEqual([]);
  });
});

describe("every answer", () => {
  it("of the API is kept nowhere, is what it says it is, and has no header that only a page needs", async () => {
    await using test = await createTestDatabase();
    await using app = await startTestApp(test);
    const { token } = await signedInBuyer(test);
    const itemId = await makeItem(test.database, { stock: 1 });
    const answers = [
      await app.mutate("purchases.buy", { itemId, idempotencyKey: "k" }, token),
      ...(await Promise.all(
        [
          "/trpc/sales.list",
          "/trpc/nothing",
          "/api/purchase/",
          "/api/auth/get-session",
          "/api/nothing",
          "/metrics",
          "/%",
          "/%ff",
          "/trpc/%",
          `/api/orders/${"x".repeat(3_000)}`,
        ].map((path) => app.send(path)),
      )),
      await app.send("/health/ready"),
      await app.send("/trpc/sales.list,purchases.mine?batch=1&input=%7B%7D", { token }),
    ];
    for (const { headers, status } of answers) {
      expect({ status, caching: headers.get("cache-control") }).toEqual({ status, caching: "no-store" });
      expect(headers.get("x-content-type-options")).toBe("nosniff");
      expect(headers.get("x-request-id")).toMatch(/^[\w-]{36}$/);
      const usual =
        /^(allow|cache-control|connection|content-length|content-type|date|keep-alive|retry-after|transfer-encoding|vary|www-authenticate|x-content-type-options|x-request-id)$/;
      expect([...headers.keys()].filter((name) => !usual.test(name))).toEqual([]);
    }
  });

  it("is the usual one to who expects what the shop does not know", async () => {
    await using test = await createTestDatabase();
    await using app = await startTestApp(test);
    const asked = request(`${app.url}/health/live`, { headers: { expect: "200-maybe" } }).end();
    const [answer] = (await once(asked, "response")) as [IncomingMessage];
    answer.resume();
    expect(answer).toMatchObject({ statusCode: 200, headers: { "x-request-id": expect.any(String) } });
  });

  it("of the page tells browsers to trust nothing", async () => {
    await using test = await createTestDatabase();
    await using app = await startTestApp(test);
    for (const path of ["/docs", "/docs/docs.css", "/openapi.json"]) {
      const { headers } = await app.send(path);
      const policy = headers.get("content-security-policy") ?? "";
      expect(policy).toContain("default-src 'self'");
      expect(policy).toContain("script-src 'self'");
      expect(policy).toContain("frame-ancestors 'none'");
      expect(policy).not.toMatch(/unsafe|https?:|\*/);
      expect(headers.get("x-content-type-options")).toBe("nosniff");
      expect(headers.get("x-frame-options")).toBe("DENY");
      expect(headers.get("cache-control")).toBe("no-cache");
      expect(headers.get("strict-transport-security")).toBeNull();
      expect(headers.get("access-control-allow-origin")).toBeNull();
    }
  });

  it("asks for TLS only where there is TLS", async () => {
    await using test = await createTestDatabase();
    await using behindProxy = await startTestApp(test, { TRUST_PROXY: "1" });
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
    const body = { email: "ada@example.com", password: "hunter2 and a crowbar" };
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
    await Promise.all([app.services.database.close(), app.services.publicReads.close()]);
    await eventually("the last answer holds no more", async () => (await app.send("/health/ready")).status === 503);
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

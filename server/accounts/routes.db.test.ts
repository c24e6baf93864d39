import { argon2Sync } from "node:crypto";
import { describe, expect, it } from "vitest";
import { signedInBuyer, signedInOperator, startTestApp, TEST_SECRET, type TestApp } from "../app/app.fixture.ts";
import { stopClock } from "../testing/stop-clock.ts";
import { createTestDatabase } from "../testing/test-database.ts";
import { createBetterAuth } from "./auth.ts";
import { SESSION_COOKIE } from "./credential.ts";
import { DEVICE_COOKIE } from "./known-devices.ts";
import { renewHash } from "./renew-hash.ts";

const PASSWORD = "correct horse battery";

const signUp = (app: TestApp, email: string, more: object = {}) =>
  app.send("/api/auth/sign-up/email", { body: { email, password: PASSWORD, name: "Ada", ...more } });

const signIn = (app: TestApp, email: string, password = PASSWORD) =>
  app.send("/api/auth/sign-in/email", { body: { email, password } });

const cookieOf = (headers: Headers) => headers.getSetCookie()[0]?.split(";", 1)[0] ?? "";

describe("accounts", () => {
  it("make a buyer with an empty wallet, signed in by cookie and by token", async () => {
    await using test = await createTestDatabase();
    await using app = await startTestApp(test);
    const made = await signUp(app, "Ada@Example.com");
    expect(made.status).toBe(200);
    expect(made.body.user).toMatchObject({ email: "ada@example.com", name: "Ada", role: "buyer", active: true });

    const byToken = await app.query("wallets.mine", undefined, made.body.token);
    expect(byToken.body.result.data).toMatchObject({ balanceCents: 0, currency: "EUR" });
    const cookie = cookieOf(made.headers);
    expect((await app.send("/trpc/wallets.mine", { headers: { cookie } })).status).toBe(200);
    const session = await app.send("/api/auth/get-session", { headers: { cookie } });
    expect(session.body.user.id).toBe(made.body.user.id);
    // Where clients of better-auth look for the token.
    const token = made.headers.get("set-auth-token") ?? "";
    expect((await app.send("/api/auth/get-session", { token })).body).toEqual(session.body);
    expect((await app.send("/api/auth/get-session")).body).toBeNull();
  });

  it("are told who they are as better-auth tells it, but for the session's token", async () => {
    await using test = await createTestDatabase();
    await using app = await startTestApp(test);
    const { token } = (await signUp(app, "ada@example.com")).body;
    const auth = createBetterAuth({ database: test.database, secret: TEST_SECRET, onError: () => {} });
    const cookie = `${SESSION_COOKIE}=${encodeURIComponent(token)}`;
    const response = await auth.handler(new Request("http://localhost/api/auth/get-session", { headers: { cookie } }));
    const { session, user } = (await response.json()) as { session: { token: string }; user: object };
    const told = await app.send("/api/auth/get-session", { token });
    expect({ ...told.body.session, token: session.token }).toEqual(session);
    expect(told.body.session).not.toHaveProperty("token");
    expect(told.body.user).toEqual(user);
    expect([...told.headers.getSetCookie()]).toEqual(response.headers.getSetCookie());
  });

  it("accept nothing but the signed token", async () => {
    await using test = await createTestDatabase();
    await using app = await startTestApp(test);
    const { body, headers } = await signUp(app, "ada@example.com");
    const raw = body.token.split(".")[0];
    for (const token of [raw, `${raw}.`, `${raw}.AAAA`, `x${body.token}`]) {
      expect((await app.query("wallets.mine", undefined, token)).status).toBe(401);
      expect((await app.send("/api/auth/get-session", { token })).body).toBeNull();
    }
    const session = await app.send("/api/auth/get-session", { headers: { cookie: cookieOf(headers) } });
    expect(session.text).not.toContain(raw);
  });

  it("keep the session's cookie from scripts and other sites, and over TLS from other hosts and whoever is on the way", async () => {
    await using test = await createTestDatabase();
    await using app = await startTestApp(test, { TRUST_PROXY: "1" });
    const plain = (await signUp(app, "ada@example.com")).headers.getSetCookie();
    expect(plain).toHaveLength(2);
    expect(plain[0]).toMatch(new RegExp(`^${SESSION_COOKIE}=.*; Max-Age=\\d+; Path=/; HttpOnly; SameSite=Lax$`));
    const body = { email: "ada@example.com", password: PASSWORD };
    const tls = { "x-forwarded-proto": "https" };
    const secure = await app.send("/api/auth/sign-in/email", { body, headers: tls });
    const set = secure.headers.getSetCookie();
    expect(set.map((one) => one.split("=", 1)[0])).toEqual([`__Host-${SESSION_COOKIE}`, `__Host-${DEVICE_COOKIE}`]);
    for (const one of set) expect(one).toMatch(/; Path=\/; HttpOnly; SameSite=Lax; Secure$/);

    const whoIs = async (headers: Record<string, string>) =>
      (await app.send("/api/auth/get-session", { headers })).body?.user.email;
    const cookie = cookieOf(secure.headers);
    expect(await whoIs({ ...tls, cookie })).toBe("ada@example.com");
    // A cookie that anybody could have planted counts for nothing over TLS.
    expect(await whoIs({ ...tls, cookie: plain[0]?.split(";", 1)[0] ?? "" })).toBeUndefined();
    const out = await app.send("/api/auth/sign-out", { method: "POST", headers: { ...tls, cookie } });
    expect(out.headers.getSetCookie()).toEqual([
      expect.stringMatching(new RegExp(`^__Host-${SESSION_COOKIE}=; Max-Age=0; Path=/;.*; Secure$`)),
    ]);
    expect(await whoIs({ ...tls, cookie })).toBeUndefined();
  });

  it("are told of once in the log where a proxy says that they come over plain HTTP", async () => {
    await using test = await createTestDatabase();
    await using app = await startTestApp(test, { NODE_ENV: "production", TRUST_PROXY: "1" });
    const tls = { "x-forwarded-proto": "https" };
    const body = { email: "ada@example.com", password: PASSWORD };
    await app.send("/api/auth/sign-up/email", { body, headers: tls });
    expect(app.logged()).not.toContain("plain HTTP");
    for (let n = 0; n < 2; n++) expect((await signIn(app, "ada@example.com")).status).toBe(200);
    expect(app.logged().match(/plain HTTP/g)).toHaveLength(1);
  });

  it("have a cookie for TLS alone where the shop has an https address", async () => {
    await using test = await createTestDatabase();
    await using app = await startTestApp(test, { PUBLIC_URL: "https://shop.example" });
    const [cookie] = (await signUp(app, "ada@example.com")).headers.getSetCookie();
    expect(cookie).toMatch(/^__Host-.*; Secure$/);
  });

  it("begin a new session at each sign-in, with at least 128 random bits", async () => {
    await using test = await createTestDatabase();
    await using app = await startTestApp(test);
    const tokens = [(await signUp(app, "ada@example.com")).body.token];
    for (let n = 0; n < 3; n++) tokens.push((await signIn(app, "ada@example.com")).body.token);
    expect(new Set(tokens).size).toBe(4);
    for (const token of tokens) expect(token.split(".")[0].length).toBeGreaterThanOrEqual(22);
  });

  it("end the session that a browser had when it begins another, and no program's", async () => {
    await using test = await createTestDatabase();
    await using app = await startTestApp(test);
    const isSignedIn = async (cookie: string) =>
      (await app.send("/trpc/wallets.mine", { headers: { cookie } })).status === 200;
    const begin = (path: string, email: string, request: { headers?: Record<string, string>; token?: string }) =>
      app.send(`/api/auth/${path}/email`, { ...request, body: { email, password: PASSWORD } });

    const first = await signUp(app, "ada@example.com");
    const firstCookie = cookieOf(first.headers);
    const wrong = { email: "ada@example.com", password: "wrong password" };
    await app.send("/api/auth/sign-in/email", { headers: { cookie: firstCookie }, body: wrong });
    expect(await isSignedIn(firstCookie)).toBe(true);
    const second = await begin("sign-in", "ada@example.com", { headers: { cookie: firstCookie } });
    expect(await isSignedIn(firstCookie)).toBe(false);
    expect(await isSignedIn(cookieOf(second.headers))).toBe(true);
    const third = await begin("sign-up", "bob@example.com", { headers: { cookie: cookieOf(second.headers) } });
    expect(await isSignedIn(cookieOf(second.headers))).toBe(false);
    expect(await isSignedIn(cookieOf(third.headers))).toBe(true);

    const { token } = third.body;
    expect((await begin("sign-in", "bob@example.com", { token })).status).toBe(200);
    expect((await app.query("wallets.mine", undefined, token)).status).toBe(200);
  });

  it("end the session on the server at sign-out, and no other", async () => {
    await using test = await createTestDatabase();
    await using app = await startTestApp(test);
    const first = await signUp(app, "ada@example.com");
    const second = await signIn(app, "ada@example.com");
    const cookie = cookieOf(first.headers);
    const out = await app.send("/api/auth/sign-out", { method: "POST", headers: { cookie } });
    expect(out.status).toBe(200);
    expect(out.headers.getSetCookie().join()).toContain("Max-Age=0");
    expect((await app.query("wallets.mine", undefined, first.body.token)).status).toBe(401);
    expect((await app.send("/trpc/wallets.mine", { headers: { cookie } })).status).toBe(401);
    expect((await app.query("wallets.mine", undefined, second.body.token)).status).toBe(200);
    await app.send("/api/auth/sign-out", { method: "POST", token: second.body.token });
    expect((await app.query("wallets.mine", undefined, second.body.token)).status).toBe(401);
  });

  it("get another password from who knows the old one, and keep no session but the new one", async () => {
    await using test = await createTestDatabase();
    await using app = await startTestApp(test);
    const [browser, program] = [await signUp(app, "ada@example.com"), await signIn(app, "ada@example.com")];
    const cookie = cookieOf(browser.headers);
    const newPassword = "eleven loud harbours";
    const change = (body: object, request = { headers: { cookie } }) =>
      app.send("/api/auth/change-password", { ...request, body });
    const isSignedIn = async (token: string) => (await app.query("wallets.mine", undefined, token)).status === 200;

    expect(await change({ currentPassword: "wrong password", newPassword })).toMatchObject({
      status: 400,
      body: { code: "INVALID_INPUT", issues: [{ path: "currentPassword", message: "This is not your password." }] },
    });
    expect(await change({ currentPassword: PASSWORD, newPassword: "12345678" })).toMatchObject({
      status: 400,
      body: { issues: [{ path: "newPassword" }] },
    });
    expect(
      (await app.send("/api/auth/change-password", { body: { currentPassword: PASSWORD, newPassword } })).status,
    ).toBe(401);
    expect(await isSignedIn(program.body.token)).toBe(true);

    const changed = await change({ currentPassword: PASSWORD, newPassword });
    expect(changed.status).toBe(200);
    expect(await isSignedIn(changed.body.token)).toBe(true);
    expect(await isSignedIn(browser.body.token)).toBe(false);
    expect(await isSignedIn(program.body.token)).toBe(false);
    expect((await signIn(app, "ada@example.com")).status).toBe(401);
    expect((await signIn(app, "ada@example.com", newPassword)).status).toBe(200);
    expect(app.logged()).toContain('"security":"PASSWORD_CHANGED"');
    expect(app.logged()).not.toContain(newPassword);
  });

  it("slow down whoever tries passwords at the change of one, in a session that is not theirs", async () => {
    await using test = await createTestDatabase();
    await using app = await startTestApp(test);
    const { token } = (await signUp(app, "ada@example.com")).body;
    const statuses = [];
    for (let n = 0; n < 12; n++) {
      const body = { currentPassword: `wrong password ${n}`, newPassword: "eleven loud harbours" };
      statuses.push((await app.send("/api/auth/change-password", { body, token })).status);
    }
    expect(statuses.slice(0, 10)).toEqual(Array(10).fill(400));
    expect(statuses.at(-1)).toBe(429);
  });

  it("answer an unknown account and a wrong password alike", async () => {
    await using test = await createTestDatabase();
    await using app = await startTestApp(test);
    await signUp(app, "ada@example.com");
    const answers = [
      await signIn(app, "ada@example.com", "wrong password"),
      await signIn(app, "nobody@example.com", "wrong password"),
      await signIn(app, "ada@example.com", "x".repeat(500)),
      await signIn(app, "nobody@example.com", "x".repeat(500)),
    ].map(({ status, body: { requestId: _requestId, ...body }, headers }) => ({
      status,
      body,
      cookies: headers.getSetCookie(),
    }));
    for (const answer of answers) expect(answer).toEqual(answers[0]);
    expect(answers[0]).toMatchObject({ status: 401, body: { code: "UNAUTHENTICATED" }, cookies: [] });
  });

  it("refuse an e-mail address that has an account, also when two come at once", async () => {
    await using test = await createTestDatabase();
    await using app = await startTestApp(test);
    const both = await Promise.all([signUp(app, "ada@example.com"), signUp(app, "ADA@example.com")]);
    expect(both.map(({ status }) => status).sort()).toEqual([200, 422]);
    const third = await signUp(app, "ada@example.com");
    expect(third).toMatchObject({ status: 422, body: { status: 422, code: "EMAIL_TAKEN", retryable: false } });
    expect(third.body.message).toContain("already an account");
    const [counted] =
      await test.sql`select count(*)::int as users, (select count(*)::int from accounts) as accounts from users`;
    expect(counted).toEqual({ users: 1, accounts: 1 });
  });

  it("refuse a password that would be guessed soon, with the reason at its field", async () => {
    await using test = await createTestDatabase();
    await using app = await startTestApp(test);
    const cases: [password: string, reason: string][] = [
      ["1234567", "at least 8"],
      ["12345678", "tried first"],
      ["password", "tried first"],
      ["ada@example.com", "your own"],
    ];
    for (const [password, reason] of cases) {
      const { status, body } = await signUp(app, "ada@example.com", { password });
      expect({ status, issues: body.issues }).toEqual({
        status: 400,
        issues: [{ path: "password", message: expect.stringContaining(reason) }],
      });
    }
    const [counted] = await test.sql`select count(*)::int as n from users`;
    expect(counted?.n).toBe(0);
  });

  it("have an older hash of their password renewed at sign-in, by the right password alone", async () => {
    await using test = await createTestDatabase();
    await using app = await startTestApp(test);
    await signUp(app, "ada@example.com");
    const parameters = { message: PASSWORD, nonce: Buffer.from("somesalt"), parallelism: 1, memory: 64, passes: 1 };
    const key = argon2Sync("argon2id", { ...parameters, tagLength: 32 })
      .toString("base64")
      .replace(/=+$/, "");
    const older = `$argon2id$v=19$m=64,t=1,p=1$c29tZXNhbHQ$${key}`;
    await test.sql`update accounts set password = ${older}`;
    const stored = async () => (await test.sql`select password from accounts`)[0]?.password as string;
    expect((await signIn(app, "ada@example.com", "a wrong password")).status).toBe(401);
    expect(await stored()).toBe(older);
    expect((await signIn(app, "ada@example.com")).status).toBe(200);
    const renewed = await stored();
    expect(renewed).toMatch(/^\$argon2id\$v=19\$m=19456,/);
    expect((await signIn(app, "ada@example.com")).status).toBe(200);
    expect(await stored()).toBe(renewed);
    expect((await signIn(app, "ada@example.com", "a wrong password")).status).toBe(401);
    // A password that was changed since it was verified stays as it was changed.
    await renewHash(test.database, { email: "ada@example.com", from: older, to: "the old password's" });
    expect(await stored()).toBe(renewed);
  });

  it("let nobody make themselves an operator", async () => {
    await using test = await createTestDatabase();
    await using app = await startTestApp(test);
    for (const more of [
      { role: "operator" },
      { active: false },
      { emailVerified: true },
      { id: crypto.randomUUID() },
    ]) {
      expect((await signUp(app, "ada@example.com", more)).status).toBe(400);
    }
    expect((await signUp(app, "ada@example.com", { password: "short" })).body.issues).toMatchObject([
      { path: "password" },
    ]);
    const [counted] = await test.sql`select count(*)::int as n from users`;
    expect(counted?.n).toBe(0);
  });

  it("end with a deactivation, and say why at sign-in, but only to who knows the password", async () => {
    await using test = await createTestDatabase();
    await using app = await startTestApp(test);
    const operator = await signedInOperator(test);
    const { body } = await signUp(app, "ada@example.com");
    const deactivated = await app.mutate("users.setActive", { userId: body.user.id, active: false }, operator.token);
    expect(deactivated.status).toBe(200);
    expect((await app.query("wallets.mine", undefined, body.token)).status).toBe(401);
    const refused = await signIn(app, "ada@example.com");
    expect(refused).toMatchObject({ status: 403, body: { code: "CUSTOMER_INACTIVE" } });
    expect(refused.headers.getSetCookie()).toEqual([]);
    expect((await signIn(app, "ada@example.com", "wrong password")).status).toBe(401);
    await app.mutate("users.setActive", { userId: body.user.id, active: true }, operator.token);
    expect((await signIn(app, "ada@example.com")).status).toBe(200);
  });

  it("are no more of better-auth than these routes", async () => {
    await using test = await createTestDatabase();
    await using app = await startTestApp(test);
    const { token } = await signedInBuyer(test);
    const paths = ["update-user", "delete-user", "change-email", "list-sessions", "revoke-sessions", "ok", "error"];
    for (const path of [...paths, "reset-password", "sign-in/social", "link-social", "admin/set-role", ""]) {
      expect((await app.send(`/api/auth/${path}`, { token })).status).toBe(404);
      expect((await app.send(`/api/auth/${path}`, { token, body: {} })).status).toBe(404);
    }
    for (const path of ["sign-in/email", "sign-up/email", "sign-out"]) {
      const answer = await app.send(`/api/auth/${path}`, { token });
      expect([answer.status, answer.headers.get("allow")]).toEqual([405, "POST"]);
    }
  });
});

describe("throttles", () => {
  it("make whoever guesses a password wait, known account or not, and say how long", async () => {
    await using test = await createTestDatabase();
    await using app = await startTestApp(test, { LIMIT_SIGN_IN_FAILURES: "3" });
    using _clock = stopClock();
    await signUp(app, "ada@example.com");
    await signUp(app, "bob@example.com");
    for (const email of ["ada@example.com", "nobody@example.com"]) {
      const statuses = [];
      for (let n = 0; n < 3; n++) statuses.push((await signIn(app, email, "wrong password")).status);
      expect(statuses).toEqual([401, 401, 401]);
      const throttled = await signIn(app, email);
      expect(throttled).toMatchObject({ status: 429, body: { code: "RATE_LIMITED", retryable: true } });
      expect(Number(throttled.headers.get("retry-after"))).toBeGreaterThanOrEqual(1);
    }
    expect((await signIn(app, "bob@example.com")).status).toBe(200);
  });

  it("count passwords that are tried all at once, and let the owner in from elsewhere", async () => {
    await using test = await createTestDatabase();
    await using app = await startTestApp(test, { LIMIT_SIGN_IN_FAILURES: "3", TRUST_PROXY: "1" });
    using clock = stopClock();
    await signUp(app, "ada@example.com");
    const from = (address: string, password: string) =>
      app.send("/api/auth/sign-in/email", {
        headers: { "x-forwarded-for": address },
        body: { email: "ada@example.com", password },
      });
    const guesses = await Promise.all(Array.from({ length: 60 }, (_, n) => from("192.0.2.1", `wrong password ${n}`)));
    const looked = guesses.filter(({ status }) => status === 401);
    expect(looked).toHaveLength(3);
    expect(new Set(guesses.map(({ status }) => status))).toEqual(new Set([401, 429]));
    // The first pause of an account.
    clock.pass(1_000);
    expect((await from("198.51.100.1", PASSWORD)).status).toBe(200);
  });

  it("bound what one address may try", async () => {
    await using test = await createTestDatabase();
    await using app = await startTestApp(test, { LIMIT_SIGN_INS_PER_SECOND: "1", LIMIT_SIGN_INS_BURST: "3" });
    using _clock = stopClock();
    const statuses = [];
    for (let n = 0; n < 6; n++) statuses.push((await signIn(app, `n${n}@example.com`)).status);
    expect(statuses).toEqual([401, 401, 401, 429, 429, 429]);
  });

  it("are bounded by the day and network where they are made, and sign in all the same", async () => {
    await using test = await createTestDatabase();
    await using app = await startTestApp(test, { LIMIT_SIGN_UPS_PER_DAY: "2" });
    for (const n of [1, 2]) expect((await signUp(app, `n${n}@example.com`)).status).toBe(200);
    const refused = await signUp(app, "n3@example.com");
    expect(refused).toMatchObject({
      status: 429,
      body: { code: "RATE_LIMITED", message: expect.stringContaining("another one has to wait") },
    });
    expect(Number(refused.headers.get("retry-after"))).toBeGreaterThan(3_600);
    expect(await test.sql`select email from users order by email`).toEqual([
      { email: "n1@example.com" },
      { email: "n2@example.com" },
    ]);
    expect((await signIn(app, "n1@example.com")).status).toBe(200);
  });

  it("let a crowd sign up from one address in development, with fewer connections than people", async () => {
    await using test = await createTestDatabase();
    await using app = await startTestApp(test, { POOL_SIZE: "2" });
    const made = await Promise.all(Array.from({ length: 40 }, (_, n) => signUp(app, `n${n}@example.com`)));
    expect(new Set(made.map(({ status }) => status))).toEqual(new Set([200]));
  });
});

import { describe, expect, it } from "vitest";
import { openStream } from "../sales/live/open-stream.fixture.ts";
import { makeItem } from "../testing/factories.ts";
import { stopClock } from "../testing/stop-clock.ts";
import { createTestDatabase } from "../testing/test-database.ts";
import { signedInBuyer, signedInOperator, startTestApp, TEST_SECRET, type TestApp } from "./app.fixture.ts";

const PASSWORD = "correct horse battery";
const METRICS_TOKEN = "m3tr1cs-t0ken-0f-the-test";
const EMAIL = "ada.lovelace@example.com";

/** What was logged of security, in order: the lines whole, or only what happened. */
function securityOf(app: TestApp): Record<string, unknown>[] {
  const lines = app.logged().trim().split("\n");
  return lines.map((line) => JSON.parse(line)).filter(({ security }) => security !== undefined);
}

const eventsOf = (app: TestApp) => securityOf(app).map(({ security }) => security);

const sign = (app: TestApp, how: "in" | "up", body: object, headers = {}) =>
  app.send(`/api/auth/sign-${how}/email`, { body, headers });

describe("the log", () => {
  it("has a line for everything by which an attack would show, with who, from where, and no secret", async () => {
    await using test = await createTestDatabase();
    await using app = await startTestApp(test, { METRICS_TOKEN, LIMIT_SIGN_IN_FAILURES: "3" });
    const operator = await signedInOperator(test);
    const up = await sign(app, "up", { email: EMAIL, password: PASSWORD });
    const { token, user } = up.body;
    await sign(app, "up", { email: EMAIL, password: PASSWORD });
    const cookie = cookieOf(up.headers);
    const wrong = { email: EMAIL, password: "wr0ng horse battery" };
    for (let n = 0; n < 4; n++) await sign(app, "in", wrong);
    // The browser that signed up keeps its way.
    const inAgain = await sign(app, "in", { email: EMAIL, password: PASSWORD }, { cookie });
    await sign(app, "in", { email: "nobody@example.com", password: PASSWORD });
    await app.query("wallets.mine");
    await app.query("sales.list", {}, `x${token}`);
    await app.query("users.list", {}, inAgain.body.token);
    await app.send("/api/auth/sign-out", { method: "POST", headers: { cookie, origin: "https://evil.example" } });
    await app.send("/metrics", { token: `x${METRICS_TOKEN}` });
    await app.send("/api/auth/sign-out", { method: "POST", token: inAgain.body.token });
    await app.mutate("users.setActive", { userId: user.id, active: false }, operator.token);
    await sign(app, "in", { email: EMAIL, password: PASSWORD }, { cookie: cookieOf(inAgain.headers) });

    const about = { userId: user.id, network: "127.0.0.1", requestId: expect.any(String) };
    const ofNobody = { network: "127.0.0.1", requestId: expect.any(String) };
    expect(securityOf(app)).toMatchObject([
      { security: "SIGNED_UP", level: "info", ...about },
      { security: "SIGN_UP_FAILED", level: "info", reason: "address taken", ...ofNobody },
      { security: "SIGN_IN_FAILED", level: "info", reason: "wrong password", ...about },
      { security: "SIGN_IN_THROTTLED", level: "warn", ...about },
      { security: "SIGNED_IN", level: "info", ...about },
      { security: "SIGN_IN_FAILED", level: "info", reason: "no such account", ...ofNobody },
      { security: "UNAUTHENTICATED", level: "info", path: "/trpc/wallets.mine", ...ofNobody },
      { security: "CREDENTIAL_FORGED", level: "warn", reason: "bearer", ...ofNobody },
      { security: "FORBIDDEN", level: "warn", path: "/trpc/users.list", ...about },
      { security: "FOREIGN_ORIGIN", level: "warn", origin: "https://evil.example", ...ofNobody },
      { security: "METRICS_REFUSED", level: "warn", ...ofNobody },
      { security: "SIGNED_OUT", level: "info", ...about },
    ]);
    const secrets = [
      PASSWORD,
      wrong.password,
      "lovelace",
      "nobody@",
      METRICS_TOKEN,
      TEST_SECRET,
      token,
      operator.token,
    ];
    const shown = [...secrets, inAgain.body.token, ...cookie.split(/[=;] ?/).filter((part) => part.length > 30)];
    for (const secret of shown) expect(app.logged()).not.toContain(secret);
    const hashes = await test.sql`select password from accounts`;
    expect(app.logged()).not.toContain(hashes[0]?.password);
  });

  it("has a line for who is throttled, and one with its reason for whoever was deactivated", async () => {
    await using test = await createTestDatabase();
    await using app = await startTestApp(test, { LIMIT_ANONYMOUS_PER_SECOND: "1", LIMIT_ANONYMOUS_BURST: "2" });
    using _clock = stopClock();
    const { body } = await sign(app, "up", { email: EMAIL, password: PASSWORD });
    await test.sql`update users set active = false`;
    await sign(app, "in", { email: EMAIL, password: PASSWORD });
    for (let n = 0; n < 6; n++) await app.query("sales.list", {});
    expect(securityOf(app).slice(1)).toMatchObject([
      { security: "SIGN_IN_FAILED", reason: "deactivated", userId: body.user.id },
      { security: "RATE_LIMITED", level: "warn", path: "/trpc/sales.list", network: "127.0.0.1" },
    ]);
  });

  it("stays small under a crowd: the first of each network and account, and of few of them", async () => {
    await using test = await createTestDatabase();
    await using app = await startTestApp(test, { TRUST_PROXY: "1" });
    const { token } = await signedInBuyer(test);
    const forged = (address: string) =>
      app.send("/trpc/sales.list", { token: `x${token}`, headers: { "x-forwarded-for": address } });
    for (let n = 0; n < 40; n++) await forged("203.0.113.1");
    expect(eventsOf(app)).toEqual(["CREDENTIAL_FORGED"]);
    await Promise.all(Array.from({ length: 250 }, (_, n) => forged(`198.51.100.${n}`)));
    expect(eventsOf(app).length).toBeLessThanOrEqual(25);
    await app.query("users.list", {}, token);
    expect(eventsOf(app).at(-1)).toBe("FORBIDDEN");
  });
});

it("the log has a line for a forged credential also where it only watches", async () => {
  await using test = await createTestDatabase();
  await using app = await startTestApp(test);
  await makeItem(test.database, { stock: 1 });
  const [sale] = await test.sql`select id::int from sales`;
  const stream = await openStream(app, sale?.id, { authorization: "Bearer made.up" });
  expect(stream.response.status).toBe(200);
  stream.close();
  expect(eventsOf(app)).toEqual(["CREDENTIAL_FORGED"]);
});

describe("the audit log", () => {
  it("has the sign-ins of operators and no others, and no failed ones", async () => {
    await using test = await createTestDatabase();
    await using app = await startTestApp(test);
    const { body } = await sign(app, "up", { email: EMAIL, password: PASSWORD });
    await sign(app, "in", { email: EMAIL, password: PASSWORD });
    await test.sql`update users set role = 'operator'`;
    await sign(app, "in", { email: EMAIL, password: "wr0ng horse battery" });
    await sign(app, "in", { email: EMAIL, password: PASSWORD });
    const rows = await test.sql`select actor_id, action, subject, outcome, details from audit_log`;
    expect(rows).toEqual([
      {
        actor_id: body.user.id,
        action: "users.signIn",
        subject: `user:${body.user.id}`,
        outcome: "success",
        details: { network: "127.0.0.1" },
      },
    ]);
  });
});

function cookieOf(headers: Headers): string {
  return headers
    .getSetCookie()
    .map((one) => one.split(";", 1)[0])
    .join("; ");
}

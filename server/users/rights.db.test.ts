import { describe, expect, it } from "vitest";
import { signedInAuditor, signedInBuyer, signedInOperator, startTestApp, tokenFor } from "../app/app.fixture.ts";
import { reconcile } from "../operations/reconcile.ts";
import { eventually } from "../testing/eventually.ts";
import { makeOperator } from "../testing/factories.ts";
import { stopClock } from "../testing/stop-clock.ts";
import { createTestDatabase, type TestDatabase } from "../testing/test-database.ts";
import { setActive } from "./set-active.ts";
import { setRole } from "./set-role.ts";

const sessions = { endAll: async () => {}, announce: async () => {}, forgetUser: () => {} };
/** Below the minute after which a process looks by itself. */
const HEARD_MS = 30_000;
const BUYER = { role: "buyer", mayMoveMoney: false, reason: "a test" } as const;
const OPERATOR = { role: "operator", mayMoveMoney: false, reason: "a test" } as const;

async function operatorsLeft(test: TestDatabase): Promise<number | undefined> {
  const [row] = await test.sql`select count(*)::int as n from users where role = 'operator' and active`;
  return row?.n;
}

describe("a role", () => {
  it("is given and taken at once in every session, on every process, and each time written down", async () => {
    await using test = await createTestDatabase();
    await using here = await startTestApp(test);
    await using there = await startTestApp(test);
    const operator = await signedInOperator(test);
    const person = await signedInBuyer(test);
    const statusThere = async () => (await there.query("users.list", {}, person.token)).status;
    const set = (rights: object) => here.mutate("users.setRole", { userId: person.id, ...rights }, operator.token);
    const tries = [
      [{ role: "auditor", mayMoveMoney: false, reason: "Our accountant" }, 200],
      [{ role: "operator", mayMoveMoney: true, reason: "Helps out" }, 200],
      [{ role: "buyer", mayMoveMoney: false, reason: "Has left" }, 403],
    ] as const;
    for (const [rights, status] of tries) {
      await statusThere();
      expect((await set(rights)).body.result.data).toMatchObject({ id: person.id, changed: true });
      expect((await here.query("users.list", {}, person.token)).status).toBe(status);
      await eventually("the other process hears of it", async () => (await statusThere()) === status, HEARD_MS);
    }
    expect((await set(tries[2][0])).body.result.data).toMatchObject({ changed: false });
    const audited = await test.sql`select actor_id, subject, details from audit_log where action = 'users.setRole'`;
    expect(audited).toHaveLength(3);
    expect(audited[1]).toMatchObject({
      actor_id: operator.id,
      subject: `user:${person.id}`,
      details: {
        before: { role: "auditor", mayMoveMoney: false },
        after: { role: "operator", mayMoveMoney: true },
        reason: "Helps out",
      },
    });
  });

  it("is not one's own to change, and only an operator's to give", async () => {
    await using test = await createTestDatabase();
    await using app = await startTestApp(test);
    const operator = await signedInOperator(test);
    const auditor = await signedInAuditor(test);
    const own = await app.mutate("users.setRole", { userId: operator.id, ...BUYER }, operator.token);
    expect(own).toMatchObject({ status: 400, body: { error: { data: { reason: "NOT_ALLOWED_NOW" } } } });
    expect((await app.mutate("users.setRole", { userId: auditor.id, ...OPERATOR }, auditor.token)).status).toBe(403);
    const money = { userId: auditor.id, role: "auditor", mayMoveMoney: true, reason: "a test" };
    expect((await app.mutate("users.setRole", money, operator.token)).status).toBe(400);
  });

  it("comes with the right to move money, and goes with it, only from who has that right", async () => {
    await using test = await createTestDatabase();
    await using app = await startTestApp(test);
    const operator = await signedInOperator(test, { mayMoveMoney: false });
    const friend = await signedInBuyer(test);
    const credit = { userId: operator.id, amountCents: 100, reason: "a test", idempotencyKey: "k" };
    expect((await app.mutate("wallets.credit", { ...credit, userId: friend.id }, operator.token)).status).toBe(403);
    const give = (mayMoveMoney: boolean, token: string) =>
      app.mutate("users.setRole", { ...OPERATOR, userId: friend.id, mayMoveMoney }, token);
    expect((await give(true, operator.token)).status).toBe(403);
    expect((await give(false, operator.token)).status).toBe(200);
    expect((await app.mutate("wallets.credit", credit, friend.token)).status).toBe(403);
    const { token } = await signedInOperator(test);
    expect((await give(true, token)).status).toBe(200);
    expect((await app.mutate("wallets.credit", credit, friend.token)).status).toBe(200);
    // Whoever lacks it takes it from nobody, also not with the role: there would be nobody left to give it.
    expect((await give(false, operator.token)).status).toBe(403);
    const { status } = await app.mutate("users.setRole", { ...BUYER, userId: friend.id }, operator.token);
    expect(status).toBe(403);
    expect((await give(false, token)).status).toBe(200);
    expect(await reconcile(test.database)).toMatchObject({ ok: true });
  });

  it("of the last operator stays, however many take each other's at once", async () => {
    await using test = await createTestDatabase();
    const services = { database: test.database, sessions };
    for (let round = 0; round < 5; round++) {
      await test.sql`update users set role = 'buyer', may_move_money = false`;
      const ids = await Promise.all(Array.from({ length: 4 }, () => makeOperator(test.database)));
      const tries = ids.flatMap((actorId) =>
        ids
          .filter((userId) => userId !== actorId)
          .map((userId, index) =>
            index % 2 === 0
              ? setRole(services, actorId, { userId, ...BUYER })
              : setActive(services, actorId, { userId, active: false }),
          ),
      );
      await Promise.allSettled(tries);
      expect(await operatorsLeft(test)).toBe(1);
    }
  });
});

describe("signing somebody out", () => {
  it("ends one session or all of them, on every process, with a reason, and never shows a token", async () => {
    await using test = await createTestDatabase();
    await using here = await startTestApp(test);
    await using there = await startTestApp(test);
    const operator = await signedInOperator(test);
    const signUp = { body: { email: "ada@example.com", password: "seven quiet harbours" } };
    const headers = { "user-agent": "Mozilla/5.0 (X11; Linux x86_64; rv:150.0) Gecko/20100101 Firefox/150.0" };
    const { token, user } = (await here.send("/api/auth/sign-up/email", { ...signUp, headers })).body;
    const second = await tokenFor(test, user.id);
    const third = await tokenFor(test, user.id);
    const statusOf = async (one: string) => (await there.query("wallets.mine", undefined, one)).status;
    expect(await Promise.all([token, second, third].map(statusOf))).toEqual([200, 200, 200]);

    const listed = await here.query("users.sessions", { userId: user.id }, operator.token);
    const { items } = listed.body.result.data;
    expect(items).toHaveLength(3);
    for (const one of [token, second, third]) expect(listed.text).not.toContain(one.split(".")[0]);
    const first = items.find(({ userAgent }: { userAgent: string | null }) => userAgent !== null);
    expect(first).toEqual({
      sessionId: expect.any(String),
      startedAt: expect.stringMatching(/Z$/),
      lastSeenAt: expect.stringMatching(/Z$/),
      expiresAt: expect.stringMatching(/Z$/),
      address: "127.0.0.1",
      userAgent: headers["user-agent"],
    });

    const end = (input: object) =>
      here.mutate("users.signOut", { userId: user.id, reason: "Lost a phone", ...input }, operator.token);
    expect((await end({ sessionId: first.sessionId })).body.result.data).toEqual({ ended: 1 });
    await eventually("the other process hears of it", async () => (await statusOf(token)) === 401, HEARD_MS);
    expect(await Promise.all([second, third].map(statusOf))).toEqual([200, 200]);
    expect((await end({})).body.result.data).toEqual({ ended: 2 });
    await eventually("the other process hears of it", async () => (await statusOf(second)) === 401, HEARD_MS);
    expect(await statusOf(third)).toBe(401);
    expect((await end({})).body.result.data).toEqual({ ended: 0 });
    const audited = await test.sql`select subject, details from audit_log where action = 'users.signOut' order by id`;
    expect(audited).toEqual([
      { subject: `user:${user.id}`, details: { sessions: 1, all: false, reason: "Lost a phone" } },
      { subject: `user:${user.id}`, details: { sessions: 2, all: true, reason: "Lost a phone" } },
    ]);
  });

  it("ends no session of somebody else's by its id", async () => {
    await using test = await createTestDatabase();
    await using app = await startTestApp(test);
    const operator = await signedInOperator(test);
    const [one, other] = [await signedInBuyer(test), await signedInBuyer(test)];
    const { items } = (await app.query("users.sessions", { userId: other.id }, operator.token)).body.result.data;
    const input = { userId: one.id, sessionId: items[0].sessionId, reason: "a test" };
    expect((await app.mutate("users.signOut", input, operator.token)).body.result.data).toEqual({ ended: 0 });
    expect((await app.query("wallets.mine", undefined, other.token)).status).toBe(200);
  });
});

describe("one's own sessions", () => {
  it("are listed, and end one by one or all but one, on every process, and nobody else's do", async () => {
    await using test = await createTestDatabase();
    await using here = await startTestApp(test);
    await using there = await startTestApp(test);
    const [buyer, other] = [await signedInBuyer(test), await signedInBuyer(test)];
    const tokens = [buyer.token, await tokenFor(test, buyer.id), await tokenFor(test, buyer.id)];
    const idOf = async (token: string) =>
      (await here.send("/api/auth/get-session", { token })).body.session.id as string;
    const [first = "", second = "", third = ""] = await Promise.all(tokens.map(idOf));
    const statuses = () =>
      Promise.all([...tokens, other.token].map(async (token) => (await there.query("wallets.mine", {}, token)).status));
    expect(await statuses()).toEqual([200, 200, 200, 200]);
    const listed = await here.query("users.mySessions", undefined, buyer.token);
    const ids = listed.body.result.data.items.map(({ sessionId }: { sessionId: string }) => sessionId);
    expect(ids.toSorted()).toEqual([first, second, third].toSorted());
    for (const token of tokens) expect(listed.text).not.toContain(token.split(".")[0]);

    const end = async (input: object) =>
      (await here.mutate("users.endMySessions", input, buyer.token)).body.result.data;
    expect(await end({ sessionId: await idOf(other.token) })).toEqual({ ended: 0 });
    expect(await end({ sessionId: await idOf(other.token), others: true })).toEqual({ ended: 0 });
    expect(await end({ sessionId: second })).toEqual({ ended: 1 });
    const told = async (expected: number[]) =>
      eventually("the other process hears of it", async () => String(await statuses()) === String(expected), HEARD_MS);
    await told([200, 401, 200, 200]);
    expect(await end({ sessionId: first, others: true })).toEqual({ ended: 1 });
    await told([200, 401, 401, 200]);
    expect(await end({ sessionId: first, others: true })).toEqual({ ended: 0 });
    const audited = await test.sql`select actor_id, subject, details from audit_log order by id`;
    expect(audited).toEqual(
      [
        { sessions: 1, all: false },
        { sessions: 1, all: false, others: true },
      ].map((details) => ({ actor_id: buyer.id, subject: `user:${buyer.id}`, details })),
    );
  });

  it("are looked for no faster than a user may ask for anything", async () => {
    await using test = await createTestDatabase();
    await using app = await startTestApp(test, { LIMIT_READS_BURST: "3", LIMIT_READS_PER_SECOND: "1" });
    const { token } = await signedInBuyer(test);
    const end = () => app.mutate("users.endMySessions", { sessionId: crypto.randomUUID() }, token);
    using _clock = stopClock();
    const tried: number[] = [];
    for (let count = 0; count < 4; count++) tried.push((await end()).status);
    expect(tried).toEqual([200, 200, 200, 429]);
  });
});

it("deactivating ends open sessions at once on every process", async () => {
  await using test = await createTestDatabase();
  await using here = await startTestApp(test);
  await using there = await startTestApp(test);
  const operator = await signedInOperator(test);
  const buyer = await signedInBuyer(test);
  const statusThere = async () => (await there.query("wallets.mine", undefined, buyer.token)).status;
  expect(await statusThere()).toBe(200);
  const input = { userId: buyer.id, active: false, reason: "Resells" };
  expect((await here.mutate("users.setActive", input, operator.token)).status).toBe(200);
  expect((await here.query("wallets.mine", undefined, buyer.token)).status).toBe(401);
  await eventually("the other process hears of it", async () => (await statusThere()) === 401, HEARD_MS);
});

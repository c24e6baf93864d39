import { expect, it, vi } from "vitest";
import { signedInOperator, startTestApp, type TestApp } from "../app/app.fixture.ts";
import { eventually } from "../testing/eventually.ts";
import { isWaitingForLock } from "../testing/is-waiting-for-lock.ts";
import { createTestDatabase, type TestDatabase } from "../testing/test-database.ts";
import { hashPassword } from "./passwords.ts";

const OLD = "correct horse battery";
const NEW = "eleven loud harbours";
const EMAIL = "ada@example.com";

const signUp = (app: TestApp) => app.send("/api/auth/sign-up/email", { body: { email: EMAIL, password: OLD } });

const signIn = (app: TestApp, password: string) =>
  app.send("/api/auth/sign-in/email", { body: { email: EMAIL, password } });

const changePassword = (app: TestApp, token: string, newPassword = NEW) =>
  app.send("/api/auth/change-password", { body: { currentPassword: OLD, newPassword }, token });

async function sessionsLeft({ sql }: TestDatabase, userId: string): Promise<number | undefined> {
  return (await sql`select count(*)::int as n from sessions where user_id = ${userId}`)[0]?.n;
}

/** Holds transactions of this name before they begin, as many as come first; all others go on. */
function holdTransactions({ services: { database } }: TestApp, name: string, count: number) {
  const gate = Promise.withResolvers<void>();
  const { withTransaction } = database;
  let come = 0;
  const spy = vi.spyOn(database, "withTransaction").mockImplementation(async (work, options) => {
    if (options?.name === name && come++ < count) await gate.promise;
    return withTransaction(work, options);
  });
  return {
    allHaveCome: () => eventually(`${count} have come to ${name}`, () => come >= count),
    release: gate.resolve,
    [Symbol.dispose]: () => spy.mockRestore(),
  };
}

/** A sign-in whose password was found right, and whose session is not there yet: until what is answered is released. */
async function signInUnderWay(app: TestApp) {
  const held = holdTransactions(app, "limit-sessions", 1);
  const answer = signIn(app, OLD);
  await held.allHaveCome();
  return { ...held, answer };
}

it("a sign-in with the old password that is under way at its change is refused like any wrong password", async () => {
  await using test = await createTestDatabase();
  await using app = await startTestApp(test);
  const { user, token } = (await signUp(app)).body;
  using slow = await signInUnderWay(app);
  const changed = await changePassword(app, token);
  expect(changed.status).toBe(200);
  slow.release();
  const { status, body, headers } = await slow.answer;
  expect([status, body.code, headers.getSetCookie()]).toEqual([401, "UNAUTHENTICATED", []]);
  expect(await sessionsLeft(test, user.id)).toBe(1);
  expect((await app.query("wallets.mine", undefined, changed.body.token)).status).toBe(200);
});

it("a sign-in waits for a change of the password that is not committed yet", async () => {
  await using test = await createTestDatabase();
  await using app = await startTestApp(test);
  const { user } = (await signUp(app)).body;
  const password = await hashPassword(NEW);
  let answer: ReturnType<typeof signIn> | undefined;
  await test.sql.begin(async (sql) => {
    await sql`update accounts set password = ${password} where user_id = ${user.id}`;
    // All sessions that it can see: that of the sign-in is not among them.
    await sql`delete from sessions where user_id = ${user.id}`;
    answer = signIn(app, OLD);
    await eventually("the sign-in waits", () => isWaitingForLock(test.sql));
  });
  expect((await answer)?.status).toBe(401);
  expect(await sessionsLeft(test, user.id)).toBe(0);
});

it("a sign-in is let in whose password was only hashed anew meanwhile", async () => {
  await using test = await createTestDatabase();
  await using app = await startTestApp(test);
  const { user } = (await signUp(app)).body;
  using slow = await signInUnderWay(app);
  await test.sql`update accounts set password = ${await hashPassword(OLD)} where user_id = ${user.id}`;
  slow.release();
  const { status, body } = await slow.answer;
  expect(status).toBe(200);
  expect((await app.query("wallets.mine", undefined, body.token)).status).toBe(200);
  expect(await sessionsLeft(test, user.id)).toBe(2);
});

it("a sign-in that is under way at a deactivation leaves no session that would wake with the account", async () => {
  await using test = await createTestDatabase();
  await using app = await startTestApp(test);
  const operator = await signedInOperator(test);
  const { user } = (await signUp(app)).body;
  const setActive = (active: boolean) =>
    app.mutate("users.setActive", { userId: user.id, active, reason: "a test" }, operator.token);
  using slow = await signInUnderWay(app);
  expect((await setActive(false)).status).toBe(200);
  slow.release();
  expect(await slow.answer).toMatchObject({ status: 403, body: { code: "CUSTOMER_INACTIVE" } });
  expect((await setActive(true)).status).toBe(200);
  expect(await sessionsLeft(test, user.id)).toBe(0);
});

it("of two who change one password at once by the old one, one does", async () => {
  await using test = await createTestDatabase();
  await using app = await startTestApp(test);
  const { user, token } = (await signUp(app)).body;
  const other = (await signIn(app, OLD)).body.token;
  using held = holdTransactions(app, "change-password", 2);
  const changes = [changePassword(app, token, NEW), changePassword(app, other, "another loud harbour")];
  // Both have signed in by the old password.
  await held.allHaveCome();
  held.release();
  const answers = await Promise.all(changes);
  expect(answers.map(({ status }) => status).sort()).toEqual([200, 400]);
  const refused = answers.find(({ status }) => status === 400);
  expect(refused?.body.issues).toMatchObject([{ path: "currentPassword" }]);
  expect(await sessionsLeft(test, user.id)).toBe(1);
  const done = answers.findIndex(({ status }) => status === 200);
  expect((await signIn(app, done === 0 ? NEW : "another loud harbour")).status).toBe(200);
});

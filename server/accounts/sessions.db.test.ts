import { sql } from "drizzle-orm";
import { describe, expect, it } from "vitest";
import { signedInBuyer, signedInOperator, startTestApp, TEST_SECRET, tokenFor } from "../app/app.fixture.ts";
import { eventually } from "../testing/eventually.ts";
import { makeBuyer } from "../testing/factories.ts";
import { createTestDatabase, type TestDatabase } from "../testing/test-database.ts";
import { CredentialSigner } from "./credential.ts";
import { announceRevocation } from "./session-news.ts";
import { createSessions } from "./sessions.ts";

const signer = new CredentialSigner(TEST_SECRET);

/** Sessions on a database that counts its look-ups. */
function countingSessions(test: TestDatabase) {
  let selects = 0;
  const { database } = test;
  const counted = {
    ...database,
    db: new Proxy(database.db, {
      get(target, name, receiver) {
        if (name === "select") selects++;
        return Reflect.get(target, name, receiver);
      },
    }),
  };
  const sessions = createSessions({
    database: counted,
    signer,
    announce: announceRevocation(test.schema),
    onError: (error) => {
      throw error;
    },
  });
  return { sessions, queries: () => selects };
}

describe("sessions", () => {
  it("cost a query once, however often and however many at once", async () => {
    await using test = await createTestDatabase();
    const { sessions, queries } = countingSessions(test);
    const buyers = await Promise.all(Array.from({ length: 20 }, () => signedInBuyer(test)));
    const found = await Promise.all([...buyers, ...buyers].map(({ token }) => sessions.find(token)));
    expect(found.map((actor) => actor?.userId)).toEqual([...buyers, ...buyers].map(({ id }) => id));
    expect(queries()).toBe(1);
    for (const { token } of buyers) await sessions.find(token);
    expect(queries()).toBe(1);
  });

  it("cost no query at all when the signature is not ours", async () => {
    await using test = await createTestDatabase();
    const { sessions, queries } = countingSessions(test);
    const { token } = await signedInBuyer(test);
    const [raw] = token.split(".");
    for (const forged of [`${raw}.forged`, new CredentialSigner("another").sign(raw ?? ""), "", "."]) {
      expect(await sessions.find(forged)).toBeUndefined();
    }
    expect(queries()).toBe(0);
  });

  it("end after 7 days without use, after 30 days, and with the user's activity", async () => {
    await using test = await createTestDatabase();
    const { sessions } = countingSessions(test);
    const ended: Record<string, string> = {
      "not used": "update sessions set expires_at = now() - interval '1 second'",
      "too old": "update sessions set created_at = now() - interval '30 days 1 second'",
      inactive: "update users set active = false",
    };
    for (const [why, change] of Object.entries(ended)) {
      const { id, token } = await signedInBuyer(test);
      const column = change.startsWith("update users") ? "id" : "user_id";
      await test.sql.unsafe(`${change} where ${column} = $1`, [id]);
      expect({ why, actor: await sessions.find(token) }).toEqual({ why, actor: undefined });
    }
  });

  it("are prolonged by use, but never beyond 30 days", async () => {
    await using test = await createTestDatabase();
    const { sessions } = countingSessions(test);
    const { id, token } = await signedInBuyer(test);
    const age = async (createdDaysAgo: number) => {
      await test.sql`
        update sessions set created_at = now() - ${`${createdDaysAgo} days`}::interval,
          updated_at = now() - interval '2 days', expires_at = now() + interval '1 hour'
        where user_id = ${id}`;
      sessions.forgetAll();
      expect((await sessions.find(token))?.userId).toBe(id);
    };
    const daysLeft = async () => {
      const [row] = await test.sql`
        select extract(epoch from expires_at - now())::float8 / 86400 as days from sessions where user_id = ${id}`;
      return row?.days as number;
    };
    await age(3);
    await eventually("7 more days", async () => Math.abs((await daysLeft()) - 7) < 0.01);
    await age(28);
    await eventually("what is left of 30 days", async () => Math.abs((await daysLeft()) - 2) < 0.01);
  });

  it("do not outlive a revocation that overtakes their look-up", async () => {
    await using test = await createTestDatabase();
    const id = await makeBuyer(test.database);
    const token = await tokenFor(test, id);
    const { sessions } = countingSessions(test);
    const finding = sessions.find(token);
    sessions.forgetUser(id);
    await finding;
    await test.database.db.execute(sql`delete from sessions`);
    expect(await sessions.find(token)).toBeUndefined();
  });

  it("end in every process when they end in one", async () => {
    await using test = await createTestDatabase();
    await using one = await startTestApp(test);
    await using two = await startTestApp(test);
    const operator = await signedInOperator(test);
    const statusIn = async (app: typeof one, token: string) =>
      (await app.query("wallets.mine", undefined, token)).status;

    const signedOut = await signedInBuyer(test);
    expect([await statusIn(one, signedOut.token), await statusIn(two, signedOut.token)]).toEqual([200, 200]);
    await one.send("/api/auth/sign-out", { method: "POST", token: signedOut.token });
    expect(await statusIn(one, signedOut.token)).toBe(401);
    await eventually("signed out there", async () => (await statusIn(two, signedOut.token)) === 401);

    const deactivated = await signedInBuyer(test);
    expect([await statusIn(one, deactivated.token), await statusIn(two, deactivated.token)]).toEqual([200, 200]);
    await two.mutate("users.setActive", { userId: deactivated.id, active: false }, operator.token);
    expect(await statusIn(two, deactivated.token)).toBe(401);
    await eventually("deactivated there", async () => (await statusIn(one, deactivated.token)) === 401);
  });
});

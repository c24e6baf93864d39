import { afterAll, beforeAll, expect, it } from "vitest";
import { eventually } from "../testing/eventually.ts";
import { makeBuyer } from "../testing/factories.ts";
import { createTestDatabase, type TestDatabase } from "../testing/test-database.ts";
import { removeEnded, removeEndedRegularly } from "./remove-ended.ts";

let test: TestDatabase;

beforeAll(async () => {
  test = await createTestDatabase();
});

afterAll(() => test[Symbol.asyncDispose]());

const tokens = async () => (await test.sql`select token from sessions order by token`).map(({ token }) => token);

it("removes every session that has ended, however many, and none that has not", async () => {
  const userId = await makeBuyer(test.database);
  await test.sql`
    insert into sessions (id, user_id, token, expires_at)
    select gen_random_uuid(), ${userId}, 'ended ' || n, now() - n * interval '1 second' from generate_series(1, 2500) as n`;
  await test.sql`
    insert into sessions (id, user_id, token, expires_at) values (gen_random_uuid(), ${userId}, 'valid', now() + interval '1 minute')`;
  await test.sql`
    insert into verifications (id, identifier, value, expires_at)
    select gen_random_uuid(), n::text, '', now() + n * interval '1 minute' from generate_series(-2, 2) as n where n <> 0`;
  expect(await removeEnded(test.database)).toBe(2_502);
  expect(await tokens()).toEqual(["valid"]);
  expect(await test.sql`select identifier from verifications order by identifier`).toEqual([
    { identifier: "1" },
    { identifier: "2" },
  ]);
  expect(await removeEnded(test.database)).toBe(0);
});

it("removes nothing more once it is told to end", async () => {
  const userId = await makeBuyer(test.database);
  await test.sql`
    insert into sessions (id, user_id, token, expires_at) values (gen_random_uuid(), ${userId}, 'late', now() - interval '1 second')`;
  expect(await removeEnded(test.database, AbortSignal.abort())).toBe(0);
  expect(await tokens()).toContain("late");
});

it("leaves a session that is used in the moment in which it is to be removed", async () => {
  const userId = await makeBuyer(test.database);
  await test.sql`
    insert into sessions (id, user_id, token, expires_at) values (gen_random_uuid(), ${userId}, 'used', now() - interval '1 second')`;
  let ending: Promise<void> | undefined;
  let hasEnded = false;
  await test.sql.begin(async (sql) => {
    await sql`update sessions set expires_at = now() + interval '7 days' where token = 'used'`;
    const sweep = removeEndedRegularly(test.database, { onError: (error) => expect.unreachable(String(error)) });
    await eventually("the removal waits for the session", async () => {
      const waiting = await sql`select from pg_locks where not granted`;
      return waiting.length > 0;
    });
    ending = sweep.close().then(() => {
      hasEnded = true;
    });
    await sql`select 1`;
    // What is under way is done before the database is closed.
    expect(hasEnded).toBe(false);
  });
  await ending;
  expect(await tokens()).toContain("used");
});

it("keeps what circuit breakers did in the last season", async () => {
  await test.sql`
    insert into breaker_transitions (instance, from_state, to_state, at)
    select 'worker', 'closed', 'open', now() - days * interval '1 day' from unnest(array[200, 91, 89, 0]) as days`;
  expect(await removeEnded(test.database)).toBe(2);
});

it("is done by the worker again and again, and tells once of an error that comes again and again", async () => {
  const userId = await makeBuyer(test.database);
  const broken = await test.open();
  await broken.close();
  const errors: unknown[] = [];
  const failing = removeEndedRegularly(broken, { onError: (error) => errors.push(error), everyMs: 1 });
  const sweep = removeEndedRegularly(test.database, { onError: (error) => errors.push(error), everyMs: 1 });
  for (const token of ["ends first", "ends later"]) {
    await test.sql`
      insert into sessions (id, user_id, token, expires_at) values (gen_random_uuid(), ${userId}, ${token}, now())`;
    await eventually(`${token} is gone`, async () => !(await tokens()).includes(token));
  }
  await Promise.all([sweep.close(), failing.close()]);
  expect(errors).toHaveLength(1);
});

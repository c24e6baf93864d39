import { expect, it } from "vitest";
import { makeBuyers } from "../testing/factories.ts";
import { createTestDatabase } from "../testing/test-database.ts";
import { limitSessions } from "./limit-sessions.ts";

it("leaves a user room for one more session, those that began last, and everybody else theirs", async () => {
  await using test = await createTestDatabase();
  const [one, other] = await makeBuyers(test.database, 2);
  for (const userId of [one, other]) {
    await test.sql`
      insert into sessions (id, user_id, token, created_at, expires_at)
      select gen_random_uuid(), ${userId ?? ""}, ${userId ?? ""} || n, now() - n * interval '1 minute', now() + interval '1 day'
      from generate_series(1, 150) as n`;
  }
  await limitSessions(test.database, one ?? "");
  const rows = await test.sql`
    select user_id, count(*)::int as count, min(created_at) > now() - interval '100 minutes' as are_latest
    from sessions group by user_id`;
  expect(rows).toContainEqual({ user_id: one, count: 99, are_latest: true });
  expect(rows).toContainEqual({ user_id: other, count: 150, are_latest: false });
});

import { expect, it } from "vitest";
import { changeUser, createUser } from "../accounts/create-user.ts";
import { createDemoAccounts } from "../accounts/demo-accounts.ts";
import { reconcile } from "../operations/reconcile.ts";
import { makeBuyer } from "../testing/factories.ts";
import { createTestDatabase, type TestDatabase } from "../testing/test-database.ts";
import { setRole } from "./set-role.ts";

const sessions = { endAll: async () => {}, announce: async () => {}, forgetUser: () => {} };
const PERSON = { name: "Ada", password: "correct horse battery staple" };

it("roles hold however they came about, and no role that was given past the shop", async () => {
  await using test = await createTestDatabase();
  await makeBuyer(test.database);
  await createDemoAccounts(test.database);
  const made = await createUser(test.database, { ...PERSON, email: "ada@example.com", role: "operator" }, "cli");
  await createUser(test.database, { ...PERSON, email: "bob@example.com", role: "buyer" }, "cli");
  await changeUser(test.database, { ...PERSON, email: "bob@example.com", role: "auditor" }, async () => {});
  const buyers = [await makeBuyer(test.database), await makeBuyer(test.database)];
  const services = { database: test.database, sessions };
  for (const userId of buyers) {
    const given = { userId, role: "operator", mayMoveMoney: true, reason: "helps" } as const;
    await setRole(services, made ?? "", given);
  }
  await setRole(services, made ?? "", { userId: buyers[0] ?? "", role: "buyer", mayMoveMoney: false, reason: "left" });
  await setRole(services, made ?? "", {
    userId: buyers[1] ?? "",
    role: "operator",
    mayMoveMoney: false,
    reason: "less",
  });
  expect(await roles(test)).toMatchObject({ ok: true });

  const late = await makeBuyer(test.database);
  for (const [userId, change] of [
    [late, "role = 'operator'"],
    [late, "role = 'auditor'"],
    [buyers[0], "role = 'operator'"],
    [buyers[1], "may_move_money = true"],
    [made, "role = 'buyer', may_move_money = false"],
  ]) {
    const [before] = await test.sql`select role, may_move_money from users where id = ${userId ?? ""}`;
    await test.sql.unsafe(`update users set ${change} where id = '${userId}'`);
    expect(await roles(test), change).toMatchObject({ ok: false, detail: expect.stringContaining(String(userId)) });
    await test.sql`update users set ${test.sql(before ?? {})} where id = ${userId ?? ""}`;
  }
  expect(await roles(test)).toMatchObject({ ok: true });
});

it("roles of before they were written down, and of before the right to move money, are no finding", async () => {
  await using test = await createTestDatabase();
  const [first, second] = [await makeBuyer(test.database), await makeBuyer(test.database)];
  await test.sql`update users set role = 'operator', may_move_money = true`;
  await test.sql`
    insert into audit_log (occurred_at, actor_kind, action, subject, outcome, details)
    values (clock_timestamp(), 'cli', 'users.setRole', ${`user:${second}`}, 'success', '{"after": {"role": "operator"}}')`;
  expect(await roles(test)).toMatchObject({ ok: true });
  await test.sql`update users set role = 'auditor', may_move_money = false where id = ${second}`;
  expect(await roles(test)).toMatchObject({ ok: false, detail: expect.not.stringContaining(first) });
});

async function roles({ database }: TestDatabase) {
  const { checks } = await reconcile(database);
  return checks.find(({ name }) => name === "roles");
}

import { expect, it } from "vitest";
import type { User } from "../../shared/users.ts";
import type { Sessions } from "../accounts/sessions.ts";
import { signedInBuyer, startTestApp } from "../app/app.fixture.ts";
import { settle } from "../purchases/settle.ts";
import { eventually } from "../testing/eventually.ts";
import { makeBuyer, makeBuyers, makeItem, makeOperator, makeProducts } from "../testing/factories.ts";
import { isWaitingForLock } from "../testing/is-waiting-for-lock.ts";
import { planOf } from "../testing/plan-of.ts";
import { createTestDatabase, type TestDatabase } from "../testing/test-database.ts";
import { userById } from "./by-id.ts";
import { listUsers } from "./list.ts";
import { setActive } from "./set-active.ts";

/** Sessions that only say whose were ended. */
function recordingSessions() {
  const revoked: string[] = [];
  const endAll = async (_tx: unknown, userId: string) => void revoked.push(userId);
  const sessions = { endAll, forgetUser: () => {} } as unknown as Sessions;
  return { sessions, revoked };
}

async function listAll(test: TestDatabase, input: { limit: number; search?: string }): Promise<User[]> {
  const users: User[] = [];
  let cursor: string | null | undefined;
  do {
    const page = await listUsers(test.database, { ...input, cursor });
    users.push(...page.items);
    cursor = page.nextCursor;
  } while (cursor);
  return users;
}

async function emailsFound(test: TestDatabase, search: string): Promise<string[]> {
  return (await listAll(test, { limit: 100, search })).map((user) => user.email);
}

async function addUser(test: TestDatabase, name: string, email: string): Promise<void> {
  await test.sql`insert into users (id, name, email) values (${crypto.randomUUID()}, ${name}, ${email})`;
}

it("lists everybody once, page by page", async () => {
  await using test = await createTestDatabase();
  const ids = await makeBuyers(test.database, 25, { balanceCents: 500 });
  const users = await listAll(test, { limit: 10 });
  expect(users.map((user) => user.id).sort()).toEqual(ids.toSorted());
  expect(users[0]).toEqual({
    id: expect.any(String),
    email: expect.stringContaining("@"),
    name: "Buyer",
    role: "buyer",
    mayMoveMoney: false,
    active: true,
    balanceCents: 500,
    createdAt: expect.stringMatching(/^\d{4}-\d\d-\d\dT.*Z$/),
  });
});

it("finds a part of a name or an address, whatever the case, and takes every character for itself", async () => {
  await using test = await createTestDatabase();
  await addUser(test, "Ada Lovelace", "ada@example.com");
  await addUser(test, "100% Wool_Shop \\o/", "wool@example.com");
  expect(await emailsFound(test, "LOVE")).toEqual(["ada@example.com"]);
  expect(await emailsFound(test, "Ada@")).toEqual(["ada@example.com"]);
  expect(await emailsFound(test, "%")).toEqual(["wool@example.com"]);
  expect(await emailsFound(test, "_")).toEqual(["wool@example.com"]);
  expect(await emailsFound(test, "\\")).toEqual(["wool@example.com"]);
  expect(await emailsFound(test, "a%e")).toEqual([]);
  expect(await emailsFound(test, "' or true --")).toEqual([]);
});

it("finds whose order it is by its number, as the receipt, its address or its dispatch writes it", async () => {
  await using test = await createTestDatabase();
  await using app = await startTestApp(test);
  await addUser(test, "Ada Lovelace", "ada@example.com");
  const buyer = await signedInBuyer(test, { balanceCents: 5_000 });
  const [productId] = await makeProducts(test.database, [{ units: 5 }]);
  const order = { lines: [{ productId, quantity: 1 }], idempotencyKey: "k" };
  const { orderId } = (await app.mutate("orders.place", order, buyer.token)).body.result.data.order;
  const found = async (search: string) => (await listAll(test, { limit: 100, search })).map(({ id }) => id);
  for (const written of [`Order ${orderId}`, `order-${orderId}`, `#${orderId}`, ` order #${orderId} `]) {
    expect(await found(written), written).toEqual([buyer.id]);
  }
  expect(await found(String(orderId))).toContain(buyer.id);
  for (const written of [`order ${orderId + 1}`, `order ${"9".repeat(40)}`, `reorder ${orderId}`]) {
    expect(await found(written), written).toEqual([]);
  }
});

it("looks for what is rare in one go, not user by user in the order of the list", async () => {
  await using test = await createTestDatabase();
  await test.sql`
    insert into users (id, name, email)
    select gen_random_uuid(), 'Buyer ' || number, md5(number::text) || '@example.com'
    from generate_series(1, 20000) as number`;
  await test.sql`analyze users, wallets`;
  const plan = (search?: string) => planOf(test, "users", () => listUsers(test.database, { limit: 20, search }));
  expect(await plan("nobody")).not.toContain("users_one_per_email");
  expect(await plan()).toContain("users_one_per_email");
  expect(await plan(crypto.randomUUID())).not.toContain("Seq Scan on users");
});

it("refuses cursors of other lists", async () => {
  await using test = await createTestDatabase();
  for (const cursor of ["WzFd", "WyJcdTAwMDAiXQ"]) {
    await expect(listUsers(test.database, { limit: 10, cursor })).rejects.toMatchObject({ code: "INVALID_INPUT" });
  }
});

it("deactivates a user once, ends their sessions, and lets them in again", async () => {
  await using test = await createTestDatabase();
  const { sessions, revoked } = recordingSessions();
  const services = { database: test.database, sessions };
  const operatorId = await makeOperator(test.database);
  const userId = await makeBuyer(test.database);
  const change = (active: boolean, reason?: string) =>
    setActive(services, operatorId, { userId, active, ...(reason && { reason }) });

  expect(await change(false)).toMatchObject({ id: userId, active: false, changed: true });
  expect(await change(false, "Too late")).toMatchObject({ active: false, changed: false });
  expect(await userById(test.database.db, userId)).toMatchObject({ active: false });
  expect(revoked).toEqual([userId]);
  expect(await change(true, "It was a mistake")).toMatchObject({ active: true });
  expect(revoked).toHaveLength(1);
  expect(await test.sql`select actor_id, action, subject, details from audit_log order by id`).toEqual([
    {
      actor_id: operatorId,
      action: "users.setActive",
      subject: `user:${userId}`,
      details: { before: { active: true }, after: { active: false } },
    },
    expect.objectContaining({
      details: { before: { active: false }, after: { active: true }, reason: "It was a mistake" },
    }),
  ]);
});

it("keeps operators from locking themselves out", async () => {
  await using test = await createTestDatabase();
  const { sessions, revoked } = recordingSessions();
  const userId = await makeOperator(test.database);
  const attempt = setActive({ database: test.database, sessions }, userId, { userId, active: false });
  await expect(attempt).rejects.toMatchObject({ code: "NOT_ALLOWED_NOW" });
  expect(await userById(test.database.db, userId)).toMatchObject({ active: true });
  expect(revoked).toEqual([]);
});

it("leaves an operator when all of them deactivate each other at once", async () => {
  await using test = await createTestDatabase({ poolSize: 8 });
  const { sessions } = recordingSessions();
  const services = { database: test.database, sessions };
  for (let round = 0; round < 5; round++) {
    const operators = await Promise.all([makeOperator(test.database), makeOperator(test.database)]);
    const [one = "", two = ""] = operators;
    const tries = [
      [one, two],
      [two, one],
    ].map(([actor = "", userId = ""]) => setActive(services, actor, { userId, active: false }));
    const outcomes = (await Promise.allSettled(tries)).map(({ status }) => status);
    expect(outcomes.toSorted()).toEqual(["fulfilled", "rejected"]);
    const [left] = await test.sql`select count(*)::int as active from users where id = any(${operators}) and active`;
    expect(left).toEqual({ active: 1 });
  }
});

it("knows no user who is not there", async () => {
  await using test = await createTestDatabase();
  const { sessions } = recordingSessions();
  const operatorId = await makeOperator(test.database);
  const userId = crypto.randomUUID();
  await expect(userById(test.database.db, userId)).rejects.toMatchObject({ code: "NOT_FOUND" });
  const attempt = setActive({ database: test.database, sessions }, operatorId, { userId, active: false });
  await expect(attempt).rejects.toMatchObject({ code: "NOT_FOUND" });
});

it("is answered only when no purchase of the user is under way, and nothing is sold to them from then on", async () => {
  await using test = await createTestDatabase();
  const { sessions } = recordingSessions();
  const operatorId = await makeOperator(test.database);
  const userId = await makeBuyer(test.database);
  const itemId = await makeItem(test.database, { stock: 100 });
  // What a purchase holds until it commits.
  const answer = await test.sql.begin(async (sql) => {
    await sql`select from wallets where user_id = ${userId} for update`;
    const waiting = setActive({ database: test.database, sessions }, operatorId, { userId, active: false });
    await eventually("it waits for the purchase", () => isWaitingForLock(test.sql));
    return { waiting };
  });
  expect(await answer.waiting).toMatchObject({ active: false });
  const { results } = await settle(test.database, [
    { id: crypto.randomUUID(), userId, itemId, quantity: 1, idempotencyKey: crypto.randomUUID() },
  ]);
  expect(results).toMatchObject([{ outcome: "refused", code: "CUSTOMER_INACTIVE" }]);
});

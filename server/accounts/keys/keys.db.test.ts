import { describe, expect, it } from "vitest";
import { signedInBuyer, signedInOperator, startTestApp, type TestApp } from "../../app/app.fixture.ts";
import { eventually } from "../../testing/eventually.ts";
import { makeOperator, makeSale } from "../../testing/factories.ts";
import { hold } from "../../testing/hold.ts";
import { isWaitingForLock } from "../../testing/is-waiting-for-lock.ts";
import { createTestDatabase, PATIENT } from "../../testing/test-database.ts";
import { setActive } from "../../users/set-active.ts";
import { setRole } from "../../users/set-role.ts";
import { changeUser, type NewUser } from "../create-user.ts";
import { announceRevocation } from "../session-news.ts";
import { createKey } from "./create.ts";

/** Below the minute after which a process looks by itself. */
const HEARD_MS = 30_000;

async function newKey(app: TestApp, token: string, input: object): Promise<{ keyId: string; key: string }> {
  return (await app.mutate("keys.create", { name: "The warehouse's program", ...input }, token)).body.result.data;
}

describe("a key", () => {
  it("is shown once and stored by its hash, and what it does is its owner's and its own in the audit log", async () => {
    await using test = await createTestDatabase();
    await using app = await startTestApp(test);
    const { saleId } = await makeSale(test.database, [{ stock: 5 }]);
    const operator = await signedInOperator(test);
    const { keyId, key } = await newKey(app, operator.token, { scopes: ["read", "sales"] });
    expect(key).toMatch(/^dbk_[\w-]{43}$/);
    expect(JSON.stringify(await test.sql`select * from api_keys`)).not.toContain(key);
    const listed = await app.query("keys.list", undefined, operator.token);
    expect(listed.text).not.toContain(key);
    expect(listed.body.result.data.items).toMatchObject([
      { keyId, works: true, lastUsedAt: null, ownerId: operator.id },
    ]);

    expect((await app.mutate("sales.pause", { saleId, reason: "a test" }, key)).status).toBe(200);
    const audited = await test.sql`select actor_id, action, details from audit_log order by id`;
    expect(audited).toMatchObject([
      { actor_id: operator.id, action: "keys.create", details: { scopes: ["read", "sales"] } },
      {
        actor_id: operator.id,
        action: "sales.pause",
        details: { key: { id: keyId, name: "The warehouse's program" } },
      },
    ]);
    await eventually("its use is written down", async () => {
      const [row] = await test.sql`select last_used_at from api_keys`;
      return row?.last_used_at;
    });
    expect((await app.mutate("sales.resume", { saleId }, operator.token)).status).toBe(200);
    const [own] = await test.sql`select details from audit_log where action = 'sales.resume'`;
    expect(own?.details).not.toHaveProperty("key");
  });

  it("does what its scopes name, and nothing that takes somebody who has signed in", async () => {
    await using test = await createTestDatabase();
    await using app = await startTestApp(test);
    const { itemIds } = await makeSale(test.database, [{ stock: 5 }]);
    const buyer = await signedInBuyer(test);
    const operator = await signedInOperator(test);
    const scopes = ["read", "sales", "products", "tasks", "people", "money"];
    const keys = new Map<string, string>();
    for (const scope of scopes) keys.set(scope, (await newKey(app, operator.token, { scopes: [scope] })).key);
    const credit = { userId: buyer.id, amountCents: 1, reason: "a test", idempotencyKey: "k" };
    const calls: Record<string, (key: string) => Promise<{ status: number }>> = {
      read: (key) => app.query("users.list", {}, key),
      sales: (key) => app.mutate("sales.pause", { saleId: 999_999 }, key),
      products: (key) => app.mutate("products.update", { productId: 999_999 }, key),
      tasks: (key) => app.send("/api/tasks", { token: key, body: { taskId: "by-key", failureRate: 0 } }),
      people: (key) => app.mutate("users.signOut", { userId: buyer.id, reason: "a test" }, key),
      money: (key) => app.mutate("wallets.credit", credit, key),
    };
    for (const [area, call] of Object.entries(calls)) {
      for (const [scope, key] of keys) {
        const { status } = await call(key);
        expect({ area, scope, isLetIn: status !== 403 }).toEqual({ area, scope, isLetIn: area === scope });
        expect({ area, scope, status }).not.toMatchObject({ status: 401 });
      }
    }
    const { key } = await newKey(app, operator.token, { scopes });
    const buy = { itemId: itemIds[0], idempotencyKey: "k" };
    const never: Promise<{ status: number }>[] = [
      app.mutate("purchases.buy", buy, key),
      app.send("/api/purchase/", { token: key, headers: { "idempotency-key": "k" }, body: { item_id: itemIds[0] } }),
      app.send("/api/orders", { token: key, headers: { "idempotency-key": "k" }, body: { productId: 1, quantity: 1 } }),
      app.mutate("keys.create", { name: "Another", scopes }, key),
      app.mutate("users.setRole", { userId: buyer.id, role: "operator", mayMoveMoney: true, reason: "a test" }, key),
      app.mutate("operations.chaos", { action: "stop" }, key),
    ];
    expect((await Promise.all(never)).map(({ status }) => status)).toEqual([403, 403, 403, 403, 403, 403]);
    expect((await app.send("/api/auth/get-session", { token: key })).body).toBeNull();
  });

  it("is taken from the bearer header alone, and only as it was made", async () => {
    await using test = await createTestDatabase();
    await using app = await startTestApp(test);
    const operator = await signedInOperator(test);
    const { key } = await newKey(app, operator.token, { scopes: ["read"] });
    const inCookie = { headers: { cookie: `doorbuster.session_token=${key}` } };
    expect((await app.send("/trpc/users.list?input=%7B%7D", inCookie)).status).toBe(401);
    expect((await app.query("users.list", {}, `${key.slice(0, -1)}_`)).status).toBe(401);
    expect((await app.query("users.list", {}, key)).status).toBe(200);
  });

  it("moves money only where its owner may", async () => {
    await using test = await createTestDatabase();
    await using app = await startTestApp(test);
    const { token } = await signedInOperator(test, { mayMoveMoney: false });
    expect((await app.mutate("keys.create", { name: "Refunds", scopes: ["money"] }, token)).status).toBe(403);
  });
});

describe("a key stops at once, on every process,", () => {
  it.each(["revoked", "its owner deactivated", "its owner demoted"])("when it is %s", async (how) => {
    await using test = await createTestDatabase();
    await using here = await startTestApp(test);
    await using there = await startTestApp(test);
    const owner = await signedInOperator(test);
    const other = await signedInOperator(test);
    const { keyId, key } = await newKey(here, owner.token, { scopes: ["read"] });
    const statusThere = async () => (await there.query("users.list", {}, key)).status;
    expect([(await here.query("users.list", {}, key)).status, await statusThere()]).toEqual([200, 200]);
    const ended =
      how === "revoked"
        ? await here.mutate("keys.revoke", { keyId, reason: "It was lost" }, other.token)
        : how === "its owner deactivated"
          ? await here.mutate("users.setActive", { userId: owner.id, active: false, reason: "Left" }, other.token)
          : await here.mutate(
              "users.setRole",
              { userId: owner.id, role: "auditor", mayMoveMoney: false, reason: "Left" },
              other.token,
            );
    expect(ended.body.result.data.changed).toBe(true);
    expect((await here.query("users.list", {}, key)).status).toBe(401);
    await eventually("the other process hears of it", async () => (await statusThere()) === 401, HEARD_MS);
    const { items } = (await here.query("keys.list", undefined, other.token)).body.result.data;
    expect(items).toMatchObject([{ keyId, works: false }]);
  });

  it("when it ends", async () => {
    await using test = await createTestDatabase();
    await using app = await startTestApp(test);
    const operator = await signedInOperator(test);
    const { key } = await newKey(app, operator.token, { scopes: ["read"], expiresAt: "2020-01-01T00:00:00Z" });
    expect((await app.query("users.list", {}, key)).status).toBe(401);
  });
});

describe("a key that its owner may not have any more", () => {
  it("ends for good: none wakes when the right is given again, and others go on", async () => {
    await using test = await createTestDatabase();
    await using app = await startTestApp(test);
    const owner = await signedInOperator(test);
    const other = await signedInOperator(test);
    const setRole = (role: string, mayMoveMoney: boolean) =>
      app.mutate("users.setRole", { userId: owner.id, role, mayMoveMoney, reason: "Moved on" }, other.token);
    const setActive = (active: boolean) =>
      app.mutate("users.setActive", { userId: owner.id, active, reason: "Moved on" }, other.token);
    const make = (...scopes: string[]) => newKey(app, owner.token, { scopes });
    const statusOf = async ({ key }: { key: string }) => (await app.query("users.list", {}, key)).status;

    const [reads, refunds, ofOther] = [
      await make("read"),
      await make("read", "money"),
      await newKey(app, other.token, { scopes: ["read"] }),
    ];
    await setRole("operator", false);
    expect([await statusOf(reads), await statusOf(refunds)]).toEqual([200, 401]);
    await setRole("operator", true);
    expect([await statusOf(reads), await statusOf(refunds)]).toEqual([200, 401]);
    await setRole("auditor", false);
    await setRole("operator", true);
    expect(await statusOf(reads)).toBe(401);
    const last = await make("read");
    expect(await statusOf(last)).toBe(200);
    await setActive(false);
    await setActive(true);
    expect([await statusOf(last), await statusOf(ofOther)]).toEqual([401, 200]);

    const audited = await test.sql`
      select actor_id, subject, details from audit_log where action = 'keys.revoke' order by id`;
    const details = { name: "The warehouse's program", ownerId: owner.id, reason: "Moved on" };
    expect(audited).toEqual(
      [refunds, reads, last].map(({ keyId }) => ({ actor_id: other.id, subject: `key:${keyId}`, details })),
    );
  });

  it("ends with the role that the command line gives its owner", async () => {
    await using test = await createTestDatabase();
    await using app = await startTestApp(test);
    const owner = await signedInOperator(test);
    const { keyId, key } = await newKey(app, owner.token, { scopes: ["read"] });
    const [user] = await test.sql`select email, name from users where id = ${owner.id}`;
    const announce = announceRevocation(test.schema);
    const asOf = (role: "operator" | "auditor") => ({ ...(user as NewUser), password: "eleven loud harbours", role });
    await changeUser(test.database, asOf("operator"), announce);
    expect(await test.sql`select from api_keys where revoked_at is null`).toHaveLength(1);
    await changeUser(test.database, asOf("auditor"), announce);
    await changeUser(test.database, asOf("operator"), announce);
    expect((await app.query("users.list", {}, key)).status).toBe(401);
    const [audited] = await test.sql`select actor_kind, subject from audit_log where action = 'keys.revoke'`;
    expect(audited).toEqual({ actor_kind: "cli", subject: `key:${keyId}` });
  });

  it.each(["demoted", "deactivated"])("ends also where it is being made while its owner is %s", async (how) => {
    await using test = await createTestDatabase(PATIENT);
    const { database } = test;
    const [ownerId, otherId] = [await makeOperator(database), await makeOperator(database)];
    const services = {
      database,
      sessions: { endAll: async () => {}, announce: async () => {}, forgetUser: () => {} },
    };
    const about = { userId: ownerId, reason: "Left" };
    await test.sql.unsafe(`
      create function wait_for_the_test() returns trigger language plpgsql as $$
        begin perform pg_advisory_xact_lock(1); return new; end $$;
      create trigger wait_for_the_test before insert on api_keys for each row execute function wait_for_the_test()`);
    await using gate = await hold(test, "select pg_advisory_xact_lock(1)");
    const making = createKey(database, ownerId, { name: "A report", scopes: ["read"] });
    await eventually("the key is about to be written", () => isWaitingForLock(test.sql));
    const ending =
      how === "demoted"
        ? setRole(services, otherId, { ...about, role: "buyer", mayMoveMoney: false })
        : setActive(services, otherId, { ...about, active: false });
    await eventually("the change waits for it", () => isWaitingForLock(test.sql, 2));
    await gate.release();
    await Promise.all([making, ending]);
    expect(await test.sql`select from api_keys where revoked_at is not null`).toHaveLength(1);
  });
});

it("each key has a limit of its own, for changes as well, beside its owner's", async () => {
  await using test = await createTestDatabase();
  await using app = await startTestApp(test, { LIMIT_READS_PER_SECOND: "1", LIMIT_READS_BURST: "20" });
  const operator = await signedInOperator(test);
  const { key } = await newKey(app, operator.token, { scopes: ["sales"] });
  const pause = () => app.mutate("sales.pause", { saleId: 999_999 }, key);
  const statuses = (await Promise.all(Array.from({ length: 60 }, pause))).map(({ status }) => status);
  expect(statuses).toContain(429);
  expect((await app.query("users.list", {}, operator.token)).status).toBe(200);
});

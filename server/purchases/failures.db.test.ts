import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { Fault, isRetryable } from "../../shared/faults.ts";
import { type Database, openDatabase } from "../database/database.ts";
import { faultOf } from "../database/fault-of.ts";
import { newUuid } from "../database/new-uuid.ts";
import { reconcile } from "../operations/reconcile.ts";
import { makeBuyers, makeItem } from "../testing/factories.ts";
import { hold } from "../testing/hold.ts";
import { createTestDatabase, type TestDatabase } from "../testing/test-database.ts";
import { PurchaseBatcher, type PurchaseObserver } from "./buy.ts";
import { storedKey } from "./stored.ts";

let test: TestDatabase;
let failures: unknown[];
const observer: PurchaseObserver = { settled: () => {}, failed: (error) => void failures.push(error) };

beforeEach(() => {
  failures = [];
});

beforeAll(async () => {
  test = await createTestDatabase();
});

afterAll(async () => {
  expect(await reconcile(test.database)).toMatchObject({ ok: true });
  await test[Symbol.asyncDispose]();
});

describe("a request that the database refuses", () => {
  it("fails alone, whatever batch it is in", async () => {
    const item = await makeItem(test.database, { stock: 1_000 });
    const buyers = await makeBuyers(test.database, 128);
    const poisoned = buyers[77] ?? "";
    await test.sql.unsafe(`
      create function poison() returns trigger language plpgsql as $$
      begin
        if new.user_id = '${poisoned}' then raise exception 'poison' using errcode = 'check_violation'; end if;
        return new;
      end $$;
      create trigger poison before insert on purchase_attempts for each row execute function poison()`);
    try {
      const batcher = new PurchaseBatcher(test.database);
      const results = await Promise.allSettled(
        buyers.map((userId) => batcher.buy({ userId, itemId: item, quantity: 1, idempotencyKey: "k" })),
      );
      for (const [index, result] of results.entries()) {
        if (buyers[index] === poisoned) expect(result).toMatchObject({ status: "rejected" });
        else expect(result).toMatchObject({ status: "fulfilled", value: { outcome: "purchased" } });
      }
    } finally {
      await test.sql`drop function poison cascade`;
    }
  });
});

describe("a queue", () => {
  it("that is full turns the next one away before any work, with a time to come back, and the observer hears of it", async () => {
    const { item, buyers, release } = await heldItem(4);
    const batcher = new PurchaseBatcher(test.database, { queueLengthMax: 2, observer });
    const [first, second, third] = buyers.slice(0, 3).map((userId) => settled(batcher, userId, item));
    expect(await settled(batcher, buyers[3] ?? "", item)).toMatchObject({
      reason: { code: "OVERLOADED", retryAfterMs: expect.any(Number) },
    });
    expect(failures).toMatchObject([{ code: "OVERLOADED" }]);
    await release();
    for (const result of await Promise.all([first, second, third])) {
      expect(result).toMatchObject({ value: { outcome: "purchased" } });
    }
    expect(failures).toHaveLength(1);
  });

  it("takes one place for a request that is sent again and again, and answers all of them alike", async () => {
    const { item, buyers, release } = await heldItem(2);
    const [first = "", impatient = ""] = buyers;
    const batcher = new PurchaseBatcher(test.database, { queueLengthMax: 1 });
    const ahead = settled(batcher, first, item);
    const request = { userId: impatient, itemId: item, quantity: 1, idempotencyKey: "again" };
    const requests = Array.from({ length: 50 }, () => batcher.buy(request));
    expect(batcher.stats()).toEqual({ queues: 1, waiting: 1, longest: 1, joined: 49 });
    expect([batcher.waitingFor([item]), batcher.waitingFor([item + 1])]).toEqual([1, 0]);
    expect(batcher.isWaiting(request)).toBe(true);
    expect(batcher.isWaiting({ ...request, quantity: 2 })).toBe(false);
    await release();
    const [decision, ...replays] = await Promise.all(requests);
    expect(decision).toMatchObject({ outcome: "purchased", position: 2, replayed: false });
    for (const replay of replays) expect(replay).toEqual({ ...decision, replayed: true });
    expect(await ahead).toMatchObject({ value: { position: 1 } });
  });

  it("answers those who waited too long behind a stuck transaction while it is still stuck", async () => {
    const { item, buyers, release } = await heldItem(3);
    const batcher = new PurchaseBatcher(test.database, { batchMax: 1, waitMsMax: 100, observer });
    const [first, ...others] = buyers.map((userId) => settled(batcher, userId, item));
    for (const result of await Promise.all(others)) expect(result).toMatchObject({ reason: { code: "OVERLOADED" } });
    expect(failures).toMatchObject([{ code: "OVERLOADED" }, { code: "OVERLOADED" }]);
    await release();
    expect(await first).toMatchObject({ value: { outcome: "purchased" } });
  });

  it("that is stuck does not hold up another item, even with few connections", async () => {
    await using database = await openPool(2);
    const { item, buyers, release } = await heldItem(20);
    const free = await makeItem(test.database, { stock: 10 });
    const batcher = new PurchaseBatcher(database.database);
    const stuck = buyers.map((userId) => settled(batcher, userId, item));
    expect(await settled(batcher, buyers[0] ?? "", free)).toMatchObject({ value: { outcome: "purchased" } });
    await release();
    for (const result of await Promise.all(stuck)) expect(result).toMatchObject({ value: { outcome: "purchased" } });
  });

  it("whose batch waits for another process holds up another item for a moment only", async () => {
    const [item, free] = [await makeItem(test.database, { stock: 1 }), await makeItem(test.database, { stock: 1 })];
    const [userId = ""] = await makeBuyers(test.database, 1);
    const batcher = new PurchaseBatcher(test.database);
    const request = { userId, itemId: item, quantity: 1, idempotencyKey: crypto.randomUUID() };
    // As another process does it that decides the same key, and has not committed yet.
    const holder = await hold(
      test,
      `insert into purchase_attempts
        (id, user_id, item_id, quantity, idempotency_key, refusal_code, refusal_message, decided_at)
      values ('${newUuid()}', '${userId}', ${item}, 1, '${storedKey(request)}', 'OUT_OF_STOCK', 'gone', now())`,
    );
    const held = batcher.buy(request);
    const [other = ""] = await makeBuyers(test.database, 1);
    expect(await settled(batcher, other, free)).toMatchObject({ value: { outcome: "purchased" } });
    expect(batcher.isWaiting(request)).toBe(true);
    await holder.release();
    expect(await held).toMatchObject({ outcome: "purchased" });
  });

  it("is emptied before the batcher closes, and takes nobody in after that", async () => {
    const item = await makeItem(test.database, { stock: 100 });
    const buyers = await makeBuyers(test.database, 50);
    const batcher = new PurchaseBatcher(test.database, { batchMax: 5 });
    const results = buyers.map((userId) => settled(batcher, userId, item));
    await batcher.close();
    expect(batcher.stats()).toEqual({ queues: 0, waiting: 0, longest: 0, joined: 0 });
    for (const result of await Promise.all(results)) expect(result).toMatchObject({ value: { outcome: "purchased" } });
    expect(await settled(batcher, buyers[0] ?? "", item)).toMatchObject({ reason: { code: "UNAVAILABLE" } });
  });
});

describe("backends that are killed in the middle", () => {
  it("cost nobody a unit or a cent: every definite answer holds, every unknown one resolves by its key", async () => {
    await using pool = await openPool(4);
    const item = await makeItem(test.database, { stock: 150 });
    const buyers = await makeBuyers(test.database, 300);
    const batcher = new PurchaseBatcher(pool.database, { batchMax: 3 });
    const killer = startKilling(pool.applicationName);
    const answers = await Promise.all(buyers.map((userId) => buyUntilDecided(batcher, userId, item)));
    const kills = await killer.stop();
    expect(kills).toBeGreaterThan(0);
    expect(answers.filter((answer) => answer.outcome === "purchased")).toHaveLength(150);
    const replays = await Promise.all(buyers.map((userId) => buyUntilDecided(batcher, userId, item)));
    expect(replays).toEqual(answers.map((answer) => ({ ...answer, replayed: true })));
  });

  /** As a client does it: the same key again for as long as the failure says that it may be tried again. */
  async function buyUntilDecided(batcher: PurchaseBatcher, userId: string, itemId: number) {
    for (;;) {
      try {
        return await batcher.buy({ userId, itemId, quantity: 1, idempotencyKey: "k" });
      } catch (error) {
        if (!isRetryable(faultOf(error)?.code ?? "INTERNAL")) throw error;
      }
    }
  }

  /** Terminates busy backends of the pool, one after the other with no pause, until it has had enough or is stopped. */
  function startKilling(applicationName: string) {
    let stopped = false;
    const killing = (async () => {
      let kills = 0;
      while (!stopped && kills < KILLS_MAX) {
        const killed = await test.sql`
          select pg_terminate_backend(pid) from pg_stat_activity
          where application_name = ${applicationName} and state <> 'idle' limit 1`;
        kills += killed.length;
      }
      return kills;
    })();
    return {
      stop: () => {
        stopped = true;
        return killing;
      },
    };
  }
});

/** Nobody would buy anything if the killing never ended. */
const KILLS_MAX = 40;

/** An item whose row another session holds locked until `release` is called, with buyers for it. */
async function heldItem(count: number) {
  const item = await makeItem(test.database, { stock: 1_000 });
  const buyers = await makeBuyers(test.database, count);
  const { release } = await hold(test, `select from items where id = ${item} for update`);
  return { item, buyers, release };
}

async function openPool(poolSize: number) {
  const applicationName = `test ${crypto.randomUUID().slice(0, 8)}`;
  const database: Database = await openDatabase({ url: test.url, schema: test.schema, poolSize, applicationName });
  return { database, applicationName, [Symbol.asyncDispose]: () => database.close() };
}

async function settled(batcher: PurchaseBatcher, userId: string, itemId: number) {
  const [result] = await Promise.allSettled([
    batcher.buy({ userId, itemId, quantity: 1, idempotencyKey: crypto.randomUUID() }),
  ]);
  if (result?.status === "rejected" && !(result.reason instanceof Fault)) throw result.reason;
  return result;
}

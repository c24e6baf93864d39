import { sql } from "drizzle-orm";
import { expect, test, vi } from "vitest";
import { eventually } from "../testing/eventually.ts";
import { createTcpProxy } from "../testing/tcp-proxy.ts";
import { createTestDatabase } from "../testing/test-database.ts";
import { ConnectionPool } from "./connection-pool.ts";
import { ConnectionLostError, PoolTimeoutError } from "./errors.ts";
import { faultOf } from "./fault-of.ts";

test("callers who wait for a connection get it in the order they came", async () => {
  await using t = await createTestDatabase({ poolSize: 1 });
  const gate = Promise.withResolvers<void>();
  const order: number[] = [];
  const holder = t.database.withTransaction(() => gate.promise);
  const others = Array.from({ length: 20 }, (_, n) => t.database.withTransaction(async () => void order.push(n)));
  expect(t.database.stats()).toMatchObject({ size: 1, idle: 0, busy: 1, waiting: 20 });
  gate.resolve();
  await Promise.all([holder, ...others]);
  expect(order).toEqual(Array.from({ length: 20 }, (_, n) => n));
  expect(t.database.stats()).toMatchObject({ idle: 1, busy: 0, waiting: 0 });
});

test("a caller waits for a connection no longer than the deadline, and is told of the crowd", async () => {
  await using t = await createTestDatabase({ poolSize: 1 });
  const gate = Promise.withResolvers<void>();
  const holder = t.database.withTransaction(() => gate.promise);
  const error = await t.database
    .withTransaction(async () => "in", { deadlineMs: 50 })
    .catch((thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(PoolTimeoutError);
  expect(error).toMatchObject({ reason: "busy" });
  expect(faultOf(error)).toMatchObject({ code: "OVERLOADED", retryAfterMs: expect.any(Number) });
  gate.resolve();
  await holder;
  expect(await t.database.withTransaction(async () => "in")).toBe("in");
});

test("the queue is bounded", async () => {
  await using t = await createTestDatabase({ poolSize: 1 });
  const gate = Promise.withResolvers<void>();
  const holder = t.database.withTransaction(() => gate.promise);
  const waiting = Array.from({ length: 10_000 }, () => t.database.withTransaction(async () => {}));
  const error = await t.database.withTransaction(async () => {}).catch((thrown: unknown) => thrown);
  expect(error).toMatchObject({ name: "PoolTimeoutError", reason: "queue_full" });
  gate.resolve();
  await holder;
  await Promise.allSettled(waiting);
  expect(await t.database.withTransaction(async () => "in")).toBe("in");
});

test("a pool never has more connections than it may, and opens them as they are needed", async () => {
  await using t = await createTestDatabase({ poolSize: 3, applicationName: "counted" });
  expect(t.database.stats().size).toBe(1);
  await Promise.all(Array.from({ length: 30 }, () => t.database.db.execute(sql`select pg_sleep(0.01)`)));
  expect(t.database.stats()).toMatchObject({ size: 3, idle: 3 });
  const [row] = await t.sql`select count(*)::integer as n from pg_stat_activity where application_name = 'counted'`;
  expect(row).toEqual({ n: 3 });
});

test("connections that are lost while nobody uses them are replaced before anybody asks", async () => {
  const lost: unknown[] = [];
  await using t = await createTestDatabase({
    poolSize: 3,
    applicationName: "replaced",
    onConnectionLost(error) {
      lost.push(error);
      throw new Error("a log that fails");
    },
  });
  await Promise.all(Array.from({ length: 9 }, () => t.database.db.execute(sql`select pg_sleep(0.01)`)));
  await t.sql`select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'replaced'`;
  await eventually("all are lost", () => lost.length === 3);
  await eventually("the pool is whole", () => t.database.stats().idle === 3);
  expect(lost.every((error) => error instanceof ConnectionLostError)).toBe(true);
});

test("a server out of connections leaves those that are open at work", async () => {
  await using t = await createTestDatabase({ poolSize: 1 });
  await t.sql.unsafe("create role limited login superuser password 'limited' connection limit 2");
  // Superusers are not limited, so the role loses that right once it owns what it needs.
  await t.sql.unsafe("alter role limited nosuperuser; grant usage, create on schema shop to limited");
  const url = new URL(t.url);
  url.username = "limited";
  url.password = "limited";
  try {
    const limited = await t.open({ url: url.href, poolSize: 6 });
    const slow = Array.from({ length: 40 }, () => limited.db.execute(sql`select pg_sleep(0.005)`));
    await Promise.all(slow);
    expect(limited.stats().size).toBeLessThanOrEqual(2);
    await limited.close();
  } finally {
    await t.sql.unsafe("revoke all on schema shop from limited; drop role limited");
  }
});

test("when nothing can be reached callers are told soon, and when it can be again the pool is whole", async () => {
  await using t = await createTestDatabase();
  await using proxy = await createTcpProxy(t.url);
  const far = await t.open({ url: proxy.url, poolSize: 3 });
  await Promise.all(Array.from({ length: 9 }, () => far.db.execute(sql`select pg_sleep(0.01)`)));
  proxy.refuse(true);
  proxy.cut();
  await eventually("all connections are lost", () => far.stats().size === 0);
  const error = await far.withTransaction(async () => {}).catch((thrown: unknown) => thrown);
  expect(error).toMatchObject({ name: "PoolTimeoutError", reason: "down" });
  expect(faultOf(error)).toMatchObject({ code: "UNAVAILABLE" });
  proxy.refuse(false);
  await eventually("the pool is whole without being asked", () => far.stats().idle === 3);
  expect(await far.db.execute(sql`select 1 as one`)).toEqual([{ one: 1 }]);
});

test("the wait is short while nothing can be reached", async () => {
  vi.useFakeTimers();
  const refused = new Error("refused");
  const pool = new ConnectionPool({ open: () => Promise.reject(refused), sizeMax: 1 });
  try {
    const settled = vi.fn();
    const waiting = pool.acquire().catch((thrown: unknown) => thrown);
    void waiting.then(settled);
    await vi.advanceTimersByTimeAsync(1_900);
    expect(settled).not.toHaveBeenCalled();
    await vi.advanceTimersByTimeAsync(200);
    expect(settled).toHaveBeenCalled();
    expect(await waiting).toMatchObject({ reason: "down", cause: refused });
  } finally {
    await pool.close(0);
    vi.useRealTimers();
  }
});

test("closing waits for the transaction at work, and takes no more", async () => {
  await using t = await createTestDatabase();
  const gate = Promise.withResolvers<void>();
  const working = t.database.withTransaction(async (tx) => {
    await gate.promise;
    return tx.execute(sql`select 1 as one`);
  });
  const closed = t.database.close();
  await expect(t.database.db.execute(sql`select 1`)).rejects.toMatchObject({ cause: { reason: "closed" } });
  gate.resolve();
  expect(await working).toEqual([{ one: 1 }]);
  await closed;
  expect(t.database.stats()).toMatchObject({ size: 0, busy: 0 });
});

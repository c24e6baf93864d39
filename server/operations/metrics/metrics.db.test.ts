import type { SQL } from "drizzle-orm";
import { PgDialect } from "drizzle-orm/pg-core";
import { describe, expect, it, vi } from "vitest";
import type { Database } from "../../database/database.ts";
import { PurchaseBatcher } from "../../purchases/buy.ts";
import { makeBuyer, makeItem } from "../../testing/factories.ts";
import { createTestDatabase, type TestDatabase } from "../../testing/test-database.ts";
import { countAttempts } from "./count-attempts.ts";
import { readMetrics } from "./metrics.ts";
import { STEP_MS, STEPS } from "./step-cache.ts";

describe("the numbers behind the charts", () => {
  it("count purchases and refusals where they were decided, the present moment included", async () => {
    await using test = await createTestDatabase();
    const itemId = await makeItem(test.database, { stock: 2 });
    const userId = await makeBuyer(test.database);
    const batcher = new PurchaseBatcher(test.database);
    for (let i = 0; i < 5; i++) await batcher.buy({ userId, itemId, quantity: 1, idempotencyKey: `k${i}` });
    // One more, which was bought five minutes ago, and one that is too old.
    await bought(test, { userId, itemId, position: 3, secondsAgo: 300 });
    await bought(test, { userId, itemId, position: 4, secondsAgo: 700 });
    const { points, stepSeconds, at } = await readMetrics({ database: test.database });
    expect(points).toHaveLength(STEPS);
    expect(sum(points, "purchased")).toBe(3);
    expect(sum(points, "refused")).toBe(3);
    const latest = points.slice(-2);
    expect([sum(latest, "purchased"), sum(latest, "refused")]).toEqual([2, 3]);
    const [old] = points.filter(({ purchased }) => purchased > 0);
    const agoMs = Date.parse(at) - Date.parse(old?.at ?? "");
    expect(agoMs).toBeGreaterThan(300_000 - STEP_MS);
    expect(agoMs).toBeLessThan(300_000 + 2 * STEP_MS);
    expect(stepSeconds * 1_000).toBe(STEP_MS);
    const times = points.map((point) => Date.parse(point.at));
    expect(times.every((time, index) => index === 0 || time - (times[index - 1] ?? 0) === STEP_MS)).toBe(true);
    expect(Date.parse(at) - (times.at(-1) ?? 0)).toBeLessThan(STEP_MS);
  });

  it.each([-15, 15])(
    "count what is bought while this machine's clock is %s minutes ahead of the database's",
    async (minutes) => {
      await using test = await createTestDatabase();
      const itemId = await makeItem(test.database, { stock: 2 });
      const userId = await makeBuyer(test.database);
      vi.useFakeTimers({ toFake: ["Date"], now: Date.now() + minutes * 60_000 });
      try {
        const batcher = new PurchaseBatcher(test.database);
        for (let i = 0; i < 3; i++) await batcher.buy({ userId, itemId, quantity: 1, idempotencyKey: `k${i}` });
        const { points } = await readMetrics({ database: test.database });
        expect([sum(points, "purchased"), sum(points, "refused")]).toEqual([2, 1]);
      } finally {
        vi.useRealTimers();
      }
    },
  );

  it("count a purchase that waited in its line where it was decided, although its id is of an earlier step", async () => {
    await using test = await createTestDatabase();
    const itemId = await makeItem(test.database, { stock: 1 });
    const userId = await makeBuyer(test.database);
    const decidedStep = Math.floor(Date.now() / STEP_MS) - 20;
    const decidedMs = decidedStep * STEP_MS;
    // As long as a line lasts before its first moment, and as far after its last one as a clock may be ahead.
    for (const [position, idMs] of [decidedMs - 10_000, decidedMs + STEP_MS + 3_000].entries()) {
      await bought(test, { userId, itemId, position: position + 1, idMs, decidedMs });
    }
    const counted = await countAttempts(test.database, decidedStep, decidedStep);
    expect(counted).toEqual(new Map([[decidedStep, { purchased: 2, refused: 0 }]]));
    expect(await countAttempts(test.database, decidedStep - 3, decidedStep - 1)).toEqual(new Map());
  });

  it("count what happened to tasks, and how many were open then", async () => {
    await using test = await createTestDatabase();
    // By how many seconds ago it happened.
    await happened(test, 500, ["submitted", "submitted", "submitted"]);
    await happened(test, 400, ["completed"]);
    await happened(test, 300, ["failed", "failed"]);
    await happened(test, 200, ["cancelled"]);
    await test.sql`insert into tasks (task_id, kind, payload, trace_id, due_at) values
      ('open', 'simulate', '{}', '', clock_timestamp() - interval '500 seconds')`;
    await test.sql`insert into tasks (task_id, kind, payload, trace_id, status, due_at) values
      ('done', 'simulate', '{}', '', 'COMPLETED', null), ('off', 'simulate', '{}', '', 'CANCELLED', null)`;
    const { points, tasks } = await readMetrics({ database: test.database });
    expect([sum(points, "tasksCompleted"), sum(points, "tasksFailed")]).toEqual([1, 2]);
    const openAt = (secondsAgo: number) => points.at(-1 - Math.round((secondsAgo * 1_000) / STEP_MS))?.tasksOpen;
    expect([550, 450, 350, 250, 100, 0].map(openAt)).toEqual([0, 3, 2, 2, 1, 1]);
    expect(tasks.byStatus).toEqual({ PENDING: 1, PROCESSING: 0, COMPLETED: 1, FAILED: 0, CANCELLED: 1 });
    expect(tasks.oldestOpenSeconds).toBeGreaterThanOrEqual(500);
    expect(tasks.oldestOpenSeconds).toBeLessThan(510);
  });

  it("leave out what waits for an operator, from when it does until it is sent round again", async () => {
    await using test = await createTestDatabase();
    const left = await failedTask(test, { isDue: false });
    const backsOff = await failedTask(test, { isDue: true });
    const triesAgain = await failedTask(test, { isDue: true });
    const retried = await failedTask(test, { isDue: false });
    await test.sql`update tasks set status = 'PENDING', due_at = clock_timestamp() where id = ${retried}`;
    const all = [left, backsOff, triesAgain, retried];
    for (const task of all) await happened(test, 500, ["submitted", "claimed"], task);
    for (const task of all) await happened(test, 400, ["failed"], task);
    await happened(test, 395, ["duplicate"], left);
    await happened(test, 390, ["claimed"], triesAgain);
    await happened(test, 380, ["failed"], triesAgain);
    await happened(test, 200, ["retried"], retried);
    const { points, tasks } = await readMetrics({ database: test.database });
    const openAt = (secondsAgo: number) => points.at(-1 - Math.round((secondsAgo * 1_000) / STEP_MS))?.tasksOpen;
    expect([550, 450, 350, 250, 100, 0].map(openAt)).toEqual([0, 4, 2, 2, 3, 3]);
    expect(tasks.byStatus).toMatchObject({ PENDING: 1, FAILED: 3 });
    expect(tasks.needOperator).toBe(1);
  });

  it("say how long a purchase waits that is no task yet, and nothing of an empty shop", async () => {
    await using test = await createTestDatabase();
    const empty = await readMetrics({ database: test.database });
    expect(empty.tasks).toEqual({
      byStatus: { PENDING: 0, PROCESSING: 0, COMPLETED: 0, FAILED: 0, CANCELLED: 0 },
      needOperator: 0,
      oldestOpenSeconds: 0,
    });
    expect(empty.points.every(({ purchased, tasksOpen }) => purchased === 0 && tasksOpen === 0)).toBe(true);

    await using other = await createTestDatabase();
    const itemId = await makeItem(other.database, { stock: 2 });
    await other.sql`alter table tasks disable trigger user`;
    await other.sql`delete from tasks`;
    await bought(other, { userId: await makeBuyer(other.database), itemId, position: 1, secondsAgo: 90 });
    await other.sql`update items set last_position = 1`;
    const { oldestOpenSeconds } = (await readMetrics({ database: other.database })).tasks;
    expect(oldestOpenSeconds).toBeGreaterThanOrEqual(90);
    expect(oldestOpenSeconds).toBeLessThan(100);
  });

  it("find the beginning of a stretch of time in a log with gaps", async () => {
    await using test = await createTestDatabase();
    for (let secondsAgo = 900; secondsAgo > 0; secondsAgo -= 10) await happened(test, secondsAgo, ["completed"]);
    await test.sql`alter table task_log disable trigger user`;
    await test.sql`delete from task_log where id % 7 in (1, 2, 3)`;
    const [expected] = await test.sql`
      select count(*)::int as count from task_log where at >= to_timestamp(
        (floor(extract(epoch from clock_timestamp()) * 1000 / ${STEP_MS}) - ${STEPS - 1}) * ${STEP_MS} / 1000)`;
    const { points } = await readMetrics({ database: test.database });
    expect(sum(points, "tasksCompleted")).toBe(expected?.count);
  });

  it("are read without a look at all that ever was", async () => {
    await using test = await createTestDatabase();
    const itemId = await makeItem(test.database, { stock: 2 });
    const userId = await makeBuyer(test.database);
    await test.sql`
      insert into purchase_attempts (id, user_id, item_id, quantity, idempotency_key, refusal_code,
        refusal_message, decided_at)
      select gen_random_uuid(), ${userId}, ${itemId}, 1, gen_random_uuid(), 'OUT_OF_STOCK', '', '2020-01-01'
      from generate_series(1, 20000) as n`;
    await test.sql`
      insert into task_log (task, event, attempt, version, at)
      select n, 'completed', 1, 1, '2020-01-01' from generate_series(1, 20000) as n`;
    await test.sql`
      insert into tasks (task_id, kind, payload, trace_id, status, due_at, created_at)
      select n::text, 'simulate', '{}', '', 'COMPLETED', null, '2020-01-01' from generate_series(1, 20000) as n`;
    await test.sql`analyze`;
    for (const statement of await statementsOf(test, (database) => readMetrics({ database }))) {
      const plan = await test.sql.unsafe<{ "QUERY PLAN": string }[]>(
        `explain ${statement.sql}`,
        statement.params as [],
      );
      const text = plan.map((row) => row["QUERY PLAN"]).join("\n");
      // Once for all that is old: see the test of `TaskTotal`.
      if (statement.sql.includes("from tasks where id > $1 and id <= $2")) continue;
      expect(text).not.toMatch(/Seq Scan on (purchase_attempts|task_log|tasks)/);
    }
  });
});

/** What is sent to the database meanwhile. */
async function statementsOf(
  { database }: TestDatabase,
  work: (database: Database) => Promise<unknown>,
): Promise<{ sql: string; params: unknown[] }[]> {
  const sent: { sql: string; params: unknown[] }[] = [];
  const execute = (query: SQL) => {
    sent.push(new PgDialect().sqlToQuery(query));
    return database.db.execute(query);
  };
  const db = new Proxy(database.db, {
    get: (target, name) => (name === "execute" ? execute : Reflect.get(target, name)),
  });
  await work({ ...database, db });
  expect(sent.length).toBeGreaterThan(4);
  return sent;
}

function sum<Name extends string>(points: readonly Record<Name, number>[], name: Name): number {
  return points.reduce((total, point) => total + point[name], 0);
}

/** A purchase in the past, written behind the shop's back, with the id that it would have got. */
async function bought(test: TestDatabase, { userId, itemId, position, ...when }: Bought): Promise<void> {
  const agoMs = Date.now() - (when.secondsAgo ?? 0) * 1_000;
  const { idMs = agoMs, decidedMs = agoMs } = when;
  const hex = idMs.toString(16).padStart(12, "0");
  const id = `${hex.slice(0, 8)}-${hex.slice(8)}-7000-8000-${crypto.randomUUID().slice(24)}`;
  await test.sql`
    insert into purchase_attempts (id, user_id, item_id, quantity, idempotency_key, amount_cents,
      balance_after_cents, remaining_after, position, decided_at)
    values (${id}, ${userId}, ${itemId}, 1, ${id}, 1, 1, 1, ${position},
      to_timestamp(${decidedMs}::float8 / 1000))`;
}

interface Bought {
  readonly userId: string;
  readonly itemId: number;
  readonly position: number;
  readonly secondsAgo?: number;
  /** When the shop heard of it and when it was decided, where that is not the same. */
  readonly idMs?: number;
  readonly decidedMs?: number;
}

async function happened(test: TestDatabase, secondsAgo: number, events: readonly string[], task = 1): Promise<void> {
  await test.sql`
    insert into task_log (task, event, attempt, version, at)
    select ${task}, event, 1, 1, clock_timestamp() - ${secondsAgo} * interval '1 second'
    from unnest(${events as string[]}::text[]) as happened (event)`;
}

/** @param isDue whether it has attempts left */
async function failedTask(test: TestDatabase, { isDue }: { isDue: boolean }): Promise<number> {
  const [task] = await test.sql<{ id: number }[]>`
    insert into tasks (task_id, kind, payload, trace_id, status, due_at)
    values (gen_random_uuid()::text, 'simulate', '{}', '', 'FAILED', case when ${isDue} then clock_timestamp() end)
    returning id::int`;
  if (!task) throw new Error("nothing was inserted");
  return task.id;
}

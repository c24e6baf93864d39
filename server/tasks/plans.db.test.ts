import { afterAll, beforeAll, describe, expect, it } from "vitest";
import {
  expectLookUps,
  type Fill,
  statementsOf,
  TABLE_STATES,
  withoutAutovacuum,
} from "../testing/kept-plans.fixture.ts";
import { createTestDatabase, type TestDatabase } from "../testing/test-database.ts";
import { claimOneTask, claimTasks } from "./claim.ts";
import type { HeldTask } from "./handler.ts";
import { renewLeases } from "./leases.ts";
import { settle, settledAlready } from "./settle.ts";

it("finds what is due without looking through what is over, waits or is paused", async () => {
  await using test = await createTestDatabase();
  await test.sql`
    insert into tasks (task_id, kind, payload, status, due_at, trace_id)
    select n, case when n % 2 = 0 then 'dispatch' else 'simulate' end, '{}',
      case when n <= 4000 then 'COMPLETED' else 'PENDING' end,
      case when n > 4000 then clock_timestamp() + case when n % 2 = 0 then interval '0' else interval '1 hour' end end,
      md5(n::text)
    from generate_series(1, 8000) as n`;
  await test.sql`insert into tasks (task_id, kind, payload, trace_id) values ('due', 'simulate', '{}', '')`;
  // Statistics of the row just claimed are those of a new transaction.
  const touched = async () => {
    await test.sql`select pg_stat_force_next_flush()`;
    const [row] = await test.sql`
      select idx_tup_fetch::int as fetched, seq_scan::int as scans from pg_stat_user_tables
      where relname = 'tasks' and schemaname = ${test.schema}`;
    return { fetched: Number(row?.fetched), scans: Number(row?.scans) };
  };
  // Dispatches are paused, so that only the others are wanted.
  const claim = () =>
    test.database
      .withTransaction(async (tx) => {
        await tx.execute("select pg_stat_force_next_flush()");
      })
      .then(() => claimTasks(test.database, { worker: "w", wanted: [{ kind: "simulate", slots: 10 }], slots: 10 }));
  const before = await touched();
  expect(await claim()).toMatchObject({ tasks: [{ taskId: "due" }] });
  expect(await claim()).toMatchObject({ count: 0 });
  await test.database.close();
  const after = await touched();
  expect(after.scans).toBe(before.scans);
  expect(after.fetched - before.fetched).toBeLessThan(10);
});

describe.each(Object.entries(TABLE_STATES))("planned on a store that %s", (_state, bringThere) => {
  let test: TestDatabase;

  beforeAll(async () => {
    test = await createTestDatabase();
    await withoutAutovacuum(test.sql, ["tasks", "task_log"]);
    await bringThere(test.sql, fillOf(test));
  });

  afterAll(() => test[Symbol.asyncDispose]());

  it.each(Object.entries(ENGINE))("%s looks up each task by an index", async (_name, work) => {
    const statements = await statementsOf(() => work(test));
    expect(statements.length).toBeGreaterThan(0);
    for (const text of statements) await expectLookUps(test.database, text);
  });
});

const NO_TASK = { id: 0, version: 0 } as HeldTask;

/** What a worker asks the database for each set of tasks, here about tasks that are not there. */
const ENGINE: Record<string, (test: TestDatabase) => Promise<unknown>> = {
  "claiming what is due": ({ database }) =>
    claimTasks(database, { worker: "w", wanted: [{ kind: "receive", slots: 1 }], slots: 1 }),
  "claiming one": ({ database }) => claimOneTask(database, { worker: "w", taskId: "none", kinds: ["dispatch"] }),
  completing: ({ database }) =>
    settle(database, "w", [{ to: "COMPLETED", task: NO_TASK, text: "null", delayMs: null }]),
  failing: ({ database }) => settle(database, "w", [{ to: "FAILED", task: NO_TASK, text: "", delayMs: 1 }]),
  postponing: ({ database }) => settle(database, "w", [{ to: "PENDING", task: NO_TASK, text: "", delayMs: 1 }]),
  "finding out what was settled": ({ database }) =>
    settledAlready(database, [{ to: "FAILED", task: NO_TASK, text: "", delayMs: 1 }]),
  "renewing leases": ({ database }) => renewLeases(database, [NO_TASK]),
};

/** One of ten is still to be done, and nobody has begun. */
function fillOf({ sql }: TestDatabase): Fill {
  return ({ from, to }) => sql`
    insert into tasks (task_id, kind, payload, status, due_at, trace_id)
    select n, 'dispatch', '{}', case when n % 10 = 0 then 'PENDING' else 'COMPLETED' end,
      case when n % 10 = 0 then now() end, ''
    from generate_series(${from}::int, ${to}) as n`;
}

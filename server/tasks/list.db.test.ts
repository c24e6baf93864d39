import { sql } from "drizzle-orm";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type ListTasksInput, listTasksInputSchema, TASK_KINDS, TASK_STATUSES } from "../../shared/tasks.ts";
import { createTestDatabase, type TestDatabase } from "../testing/test-database.ts";
import { amongOfKind, listTasks } from "./list.ts";

/** Old tasks of every kind and status, and behind them more dispatches than are looked at one by one. */
let test: TestDatabase;

beforeAll(async () => {
  test = await createTestDatabase();
  await test.sql`
    insert into tasks (task_id, kind, status, worker, due_at, payload, trace_id)
    select beginning || '-' || n, kind, status, case status when 'PROCESSING' then 'w' end,
      case when status in ('PENDING', 'PROCESSING') then clock_timestamp() end, '{}', ''
    from generate_series(1, 4) as n
    cross join unnest(${[...TASK_STATUSES]}::text[]) as each (status)
    cross join unnest(${[...TASK_KINDS]}::text[]) with ordinality as of (kind, ordinal)
    cross join lateral (select chr(96 + ordinal::int) || case when n % 2 = 0 then '' else 'x' end || status) as id (beginning)`;
  await test.sql`
    insert into tasks (task_id, kind, payload, trace_id) select 'new-' || n, 'dispatch', '{}', '' from generate_series(1, 6000) as n`;
  await test.sql`analyze`;
});

afterAll(() => test[Symbol.asyncDispose]());

describe("the list of tasks", () => {
  it("has the newest that every filter lets through, page by page, however old they are", async () => {
    const anyOf = <T>(values: readonly T[]): (T | undefined)[] => [undefined, ...values];
    for (const status of anyOf(TASK_STATUSES)) {
      for (const kind of anyOf(TASK_KINDS)) {
        for (const taskId of anyOf(["a", "bxF", "new-", "nothing"])) {
          const filter = { status, kind, taskId };
          expect(await threePages(filter), JSON.stringify(filter)).toEqual(await expected(filter));
        }
      }
    }
  });

  it("finds what is rare by its index", async () => {
    const search = { filter: sql`true`, beforeId: 5_000, count: 21 };
    for (const kind of ["receive", "simulate"] as const) {
      const plan = await test.database.db.execute(sql`explain ${amongOfKind(kind, search)}`);
      const text = plan.map((row) => Object.values(row)[0]).join("\n");
      expect(text).toMatch(/Backward using tasks_over_of_rare_kinds/);
      expect(text).not.toMatch(/Seq Scan|tasks_pkey/);
    }
  });
});

type Filter = { [Name in "status" | "kind" | "taskId"]: ListTasksInput[Name] | undefined };

const LIMIT = 5;

async function threePages(filter: Filter): Promise<string[]> {
  const ids: string[] = [];
  let cursor: string | null = null;
  for (let pages = 0; pages < 3; pages++) {
    const { items, nextCursor } = await listTasks(
      test.database,
      listTasksInputSchema.parse({ ...filter, cursor, limit: LIMIT }),
    );
    ids.push(...items.map(({ taskId }) => taskId));
    cursor = nextCursor;
    if (cursor === null) break;
  }
  return ids;
}

async function expected({ status, kind, taskId }: Filter) {
  const [ofStatus, ofKind, beginning] = [status ?? null, kind ?? null, taskId ?? null];
  const rows = await test.sql`
    select task_id from tasks
    where (${ofStatus}::text is null or status = ${ofStatus})
      and (${ofKind}::text is null or kind = ${ofKind})
      and (${beginning}::text is null or starts_with(task_id, ${beginning}))
    order by id desc
    limit ${3 * LIMIT}`;
  return rows.map(({ task_id }) => task_id);
}

import { expect, it } from "vitest";
import { createTestDatabase } from "../testing/test-database.ts";
import { claimTasks } from "./claim.ts";

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
      .then(() =>
        claimTasks(test.database, { worker: "w", wanted: [{ kind: "simulate", places: 10 }], placesMax: 10 }),
      );
  const before = await touched();
  expect(await claim()).toMatchObject({ tasks: [{ taskId: "due" }] });
  expect(await claim()).toMatchObject({ count: 0 });
  await test.database.close();
  const after = await touched();
  expect(after.scans).toBe(before.scans);
  expect(after.fetched - before.fetched).toBeLessThan(10);
});

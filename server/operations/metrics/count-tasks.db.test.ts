import { expect, it } from "vitest";
import { openTasks } from "../../tasks/engine.fixture.ts";
import { createTestDatabase, type TestDatabase } from "../../testing/test-database.ts";
import { countTasks, TaskTotal } from "./count-tasks.ts";

it("counts tasks that are old once, and those that come later whenever it is asked", async () => {
  await using test = await createTestDatabase();
  await closed(test, 100, { hoursAgo: 1 });
  let hours = 0;
  const total = new TaskTotal(test.database, { now: () => hours * 3_600_000 });
  const completed = async () => (await countTasks(test.database, total)).byStatus.COMPLETED;
  expect(await completed()).toBe(100);
  // Behind its back, and only to show that it does not look at them again.
  await test.sql`alter table tasks disable trigger user`;
  await test.sql`delete from tasks where id in (select id from tasks order by id limit 10)`;
  expect(await completed()).toBe(100);
  await closed(test, 7, { hoursAgo: 0 });
  expect(await completed()).toBe(107);
  await test.sql`delete from tasks where created_at > clock_timestamp() - interval '30 minutes'`;
  expect(await completed()).toBe(100);
  hours = 1.1;
  expect(await completed()).toBe(90);
});

it("misses no task that is committed while younger ones are there", async () => {
  await using test = await createTestDatabase();
  const total = new TaskTotal(test.database);
  await test.sql.begin(async (slow) => {
    await slow`insert into tasks (task_id, kind, payload, trace_id, status, due_at)
      values ('slow', 'simulate', '{}', '', 'COMPLETED', null)`;
    await closed(test, 3, { hoursAgo: 0 });
    expect((await countTasks(test.database, total)).byStatus.COMPLETED).toBe(3);
  });
  expect((await countTasks(test.database, total)).byStatus.COMPLETED).toBe(4);
});

it("follows a task that was counted long ago, as an operator retries it and it is completed", async () => {
  await using test = await createTestDatabase();
  await using tasks = await openTasks(test);
  await closed(test, 2, { hoursAgo: 1 });
  const { taskId } = await tasks.submit();
  await test.sql`
    update tasks set status = 'FAILED', due_at = null, created_at = created_at - interval '1 hour'
    where task_id = ${taskId}`;
  const total = new TaskTotal(test.database);
  const counts = async () => (await countTasks(test.database, total)).byStatus;
  const none = { PENDING: 0, PROCESSING: 0, COMPLETED: 2, FAILED: 0, CANCELLED: 0 };
  expect(await counts()).toEqual({ ...none, FAILED: 1 });
  await tasks.tasks.retry(taskId, tasks.actorId);
  expect(await counts()).toEqual({ ...none, PENDING: 1 });
  await test.sql`update tasks set status = 'COMPLETED', due_at = null where task_id = ${taskId}`;
  expect(await counts()).toEqual({ ...none, COMPLETED: 3 });
  await test.sql`update tasks set status = 'CANCELLED' where task_id = ${taskId}`;
  expect(await counts()).toEqual({ ...none, CANCELLED: 1 });
});

async function closed(test: TestDatabase, count: number, { hoursAgo }: { hoursAgo: number }): Promise<void> {
  await test.sql`
    insert into tasks (task_id, kind, payload, trace_id, status, due_at, created_at)
    select gen_random_uuid()::text, 'simulate', '{}', '', 'COMPLETED', null,
      clock_timestamp() - ${hoursAgo} * interval '1 hour'
    from generate_series(1, ${count}::int)`;
}

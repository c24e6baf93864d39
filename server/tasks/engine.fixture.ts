import { sql } from "drizzle-orm";
import { submitTaskInputSchema, type Task, type TaskWithLog } from "../../shared/tasks.ts";
import type { Tx } from "../database/database.ts";
import { eventually } from "../testing/eventually.ts";
import { makeOperator } from "../testing/factories.ts";
import type { TestDatabase } from "../testing/test-database.ts";
import { taskById } from "./by-id.ts";
import type { ClaimedTask, TaskHandlers, TaskObserver, TaskOutcome } from "./handler.ts";
import { createTasks, type Tasks } from "./tasks.ts";
import { Worker, type WorkerOptions } from "./worker.ts";

/** What submits and looks at tasks, and how the attempts ended that it was told of. */
export interface TestTasks extends AsyncDisposable {
  readonly tasks: Tasks & { byId(taskId: string): Promise<TaskWithLog> };
  readonly actorId: string;
  readonly errors: readonly unknown[];
  submit(input?: object): Promise<Task>;
  /** Waits until each of them has that status. */
  reached(status: Task["status"], taskIds: readonly string[]): Promise<void>;
  /** Starts a worker that is closed with these; one that hears at once when it is woken. */
  work(options: Partial<WorkerOptions> & { handlers: TaskHandlers }): Promise<Worker>;
}

export async function openTasks(test: TestDatabase, handlers: TaskHandlers = {}): Promise<TestTasks> {
  const { database, url: databaseUrl, schema } = test;
  const errors: unknown[] = [];
  const onError = (error: unknown) => void errors.push(error);
  const actorId = await makeOperator(database);
  const tasks = createTasks({ database, schema, handlers, instance: "a web process", onError });
  const workers: Worker[] = [];
  return {
    tasks: { ...tasks, byId: (taskId) => taskById(database, taskId) },
    actorId,
    errors,
    submit: (input = {}) =>
      tasks.submit(submitTaskInputSchema.parse({ failureRate: 0, ...input }), { actorId, traceId: "0".repeat(32) }),
    async reached(status, taskIds) {
      await eventually(
        `${taskIds.length} tasks are ${status}`,
        async () => {
          const [row] = await test.sql`
          select count(*)::int as count from tasks where status = ${status} and task_id = any (${[...taskIds]})`;
          return row?.count === taskIds.length;
        },
        30_000,
      );
    },
    async work(options) {
      const worker = new Worker({
        ...{ database, databaseUrl, schema, sources: [], instance: `worker ${workers.length + 1}`, onError },
        ...options,
      });
      workers.push(worker);
      await worker.listening;
      return worker;
    },
    async [Symbol.asyncDispose]() {
      await Promise.all(workers.map((worker) => worker.close()));
      await tasks.close();
    },
  };
}

/** A handler of one kind that people may submit. */
export function doing(run: (task: ClaimedTask, signal: () => AbortSignal) => Promise<TaskOutcome | undefined>) {
  return {
    simulate: {
      run: async (task: ClaimedTask, attempt: { readonly signal: AbortSignal }) =>
        (await run(task, () => attempt.signal)) ?? COMPLETED,
    },
  } satisfies TaskHandlers;
}

export const COMPLETED: TaskOutcome = { kind: "completed", result: null };

/** A table in which each effect leaves a row, so that one that took place twice shows. */
export async function makeEffects(test: TestDatabase): Promise<void> {
  await test.sql`create table effects (task_id text not null, instance text not null)`;
}

export function leaveEffect(taskId: string, instance: string): (tx: Tx) => Promise<void> {
  return async (tx) => {
    await tx.execute(sql`insert into effects (task_id, instance) values (${taskId}, ${instance})`);
  };
}

/** The events of a task, oldest first. */
export async function eventsOf(test: TestDatabase, taskId: string): Promise<string[]> {
  const rows = await test.sql`
    select event from task_log join tasks on tasks.id = task where task_id = ${taskId} order by task_log.id`;
  return rows.map(({ event }) => event);
}

/** Lets a lease or a back-off end now. */
export async function passTime(test: TestDatabase, taskId: string): Promise<void> {
  await test.sql`update tasks set due_at = clock_timestamp() - interval '1 second' where task_id = ${taskId}`;
}

/** Remembers how attempts ended. */
export function rememberEnds(): TaskObserver & { readonly ends: string[] } {
  const ends: string[] = [];
  return { ends, attempted: (_kind, outcome) => void ends.push(outcome) };
}

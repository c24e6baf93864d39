import { eq, sql } from "drizzle-orm";
import { taskLog, tasks } from "../../drizzle/schema/index.ts";
import { Fault } from "../../shared/faults.ts";
import type { Task } from "../../shared/tasks.ts";
import { recordAudit } from "../audit/record.ts";
import type { Database, Tx } from "../database/database.ts";
import { recordEvent, type TaskRow, taskOf } from "./task-row.ts";

/**
 * Gives a task that has FAILED as many attempts again as it had, the first of them at once. Its attempts go on being
 * counted, so that what has begun is never taken for something that has not.
 *
 * One that is running or waiting already is answered with `duplicate: true`.
 *
 * @throws Fault NOT_FOUND, NOT_ALLOWED_NOW (completed or cancelled)
 */
export function retryTask(database: Database, taskId: string, actorId: string): Promise<Task> {
  return database.withTransaction((tx) => retryIn(tx, taskId, actorId), { name: "tasks.retry" });
}

async function retryIn(tx: Tx, taskId: string, actorId: string): Promise<Task> {
  const [task] = await tx.select().from(tasks).where(eq(tasks.taskId, taskId)).for("update");
  if (!task) throw new Fault("NOT_FOUND", "There is no task with this id.");
  switch (task.status) {
    case "PENDING":
    case "PROCESSING":
      await recordEvent(tx, "duplicate", { task, message: "Tried again while it was waiting or running." });
      return taskOf(task, { duplicate: true });
    case "COMPLETED":
      throw new Fault("NOT_ALLOWED_NOW", "This task is completed: it cannot be tried again.");
    case "CANCELLED":
      throw new Fault("NOT_ALLOWED_NOW", "This task was cancelled: it cannot be tried again.");
    case "FAILED":
      return retryFailed(tx, task, actorId);
    default:
      return task.status satisfies never;
  }
}

async function retryFailed(tx: Tx, task: TaskRow, actorId: string): Promise<Task> {
  const [retried] = await tx
    .update(tasks)
    .set({
      status: "PENDING",
      version: sql`${tasks.version} + 1`,
      attemptsMax: sql`${tasks.attempts} + ${await attemptsOfARound(tx, task)}::integer`,
      dueAt: sql`statement_timestamp()`,
    })
    .where(eq(tasks.id, task.id))
    .returning();
  if (!retried) throw new Error(`the task ${task.taskId} was locked and is gone`);
  await recordEvent(tx, "retried", { task: retried });
  await recordAudit(tx, {
    actorKind: "person",
    actorId,
    action: "tasks.retry",
    subject: `task:${task.taskId}`,
    details: { attempts: task.attempts, errorMessage: task.errorMessage },
  });
  return taskOf(retried);
}

/** How many attempts it was given since it was last retried, or since it was made. */
async function attemptsOfARound(tx: Tx, task: TaskRow): Promise<number> {
  const [row] = await tx
    .select({ before: sql<number>`coalesce(max(${taskLog.attempt}), 0)` })
    .from(taskLog)
    .where(sql`${taskLog.task} = ${task.id} and ${taskLog.event} = 'retried'`);
  return task.attemptsMax - (row?.before ?? 0);
}

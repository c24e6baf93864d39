import { taskLog, type tasks } from "../../drizzle/schema/index.ts";
import type { Task, TaskEvent } from "../../shared/tasks.ts";
import type { Tx } from "../database/database.ts";
import { isoTime } from "../database/times.ts";

export type TaskRow = typeof tasks.$inferSelect;

/** A task as it is answered. */
export function taskOf(row: TaskRow, { duplicate = false }: { duplicate?: boolean } = {}): Task {
  const { id, taskId, kind, status, version, attempts, attemptsMax, errorMessage, priority, worker, traceId } = row;
  return {
    id,
    taskId,
    kind,
    status,
    version,
    attempts,
    attemptsMax,
    payload: row.payload as Task["payload"],
    result: row.result as Task["result"],
    errorMessage,
    duplicate,
    createdAt: isoTime(row.createdAt),
    processedAt: row.processedAt === null ? null : isoTime(row.processedAt),
    dueAt: row.dueAt === null ? null : isoTime(row.dueAt),
    priority,
    worker,
    traceId,
  };
}

/** Writes down what happened to a task, in the transaction in which it did; the row is the one that this led to. */
export async function recordEvent(
  tx: Tx,
  event: TaskEvent,
  { task, message = null }: { task: Pick<TaskRow, "id" | "attempts" | "version">; message?: string | null },
): Promise<void> {
  await tx.insert(taskLog).values({ task: task.id, event, attempt: task.attempts, version: task.version, message });
}

import { taskLog } from "../../drizzle/schema/index.ts";
import type { TaskEvent } from "../../shared/tasks.ts";
import type { Tx } from "../database/database.ts";
import type { TaskRow } from "./task-row.ts";

/** Writes down what happened to a task, in the transaction in which it did; the row is the one that this led to. */
export async function recordEvent(
  tx: Tx,
  event: TaskEvent,
  { task, message = null }: { task: Pick<TaskRow, "id" | "attempts" | "version">; message?: string | null },
): Promise<void> {
  await tx.insert(taskLog).values({ task: task.id, event, attempt: task.attempts, version: task.version, message });
}

import { eq } from "drizzle-orm";
import { tasks } from "../../drizzle/schema/index.ts";
import type { Tx } from "../database/database.ts";

/**
 * Locks a task in its place in the order of locks: after what it is about, before inventory and wallets. An effect that locks
 * those calls it first, since the task itself is changed last.
 */
export async function lockTask(tx: Tx, taskId: string): Promise<void> {
  const [task] = await tx.select({ id: tasks.id }).from(tasks).where(eq(tasks.taskId, taskId)).for("update");
  if (!task) throw new Error(`there is no task ${taskId}`);
}

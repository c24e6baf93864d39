import { asc, desc, eq } from "drizzle-orm";
import { taskLog, tasks } from "../../drizzle/schema/index.ts";
import { Fault } from "../../shared/faults.ts";
import type { Task, TaskLogEntry, TaskWithLog } from "../../shared/tasks.ts";
import type { Database } from "../database/database.ts";
import { isoTime } from "../database/times.ts";
import { type TaskRow, taskOf } from "./task-row.ts";

/**
 * A task with all that happened to it, oldest first; of a very long log the latest part.
 *
 * @throws Fault NOT_FOUND
 */
export async function taskById(database: Database, taskId: string): Promise<TaskWithLog> {
  const task = await readTask(database, taskId);
  return { ...taskOf(task), log: await readLog(database, task.id) };
}

/** A task as it stands. @throws Fault NOT_FOUND */
export async function taskAsItStands(database: Database, taskId: string): Promise<Task> {
  return taskOf(await readTask(database, taskId));
}

async function readTask(database: Database, taskId: string): Promise<TaskRow> {
  const [task] = await database.db.select().from(tasks).where(eq(tasks.taskId, taskId));
  if (!task) throw new Fault("NOT_FOUND", "There is no task with this id.");
  return task;
}

async function readLog({ db }: Database, id: number): Promise<TaskLogEntry[]> {
  const newest = db
    .select()
    .from(taskLog)
    .where(eq(taskLog.task, id))
    .orderBy(desc(taskLog.id))
    .limit(LOG_ENTRIES_MAX)
    .as("newest");
  const rows = await db.select().from(newest).orderBy(asc(newest.id));
  return rows.map(({ event, attempt, version, worker, message, at }) => ({
    event,
    attempt,
    version,
    worker,
    message,
    at: isoTime(at),
  }));
}

/** A task of a hundred attempts has two hundred; only somebody who submits one for ever makes more. */
const LOG_ENTRIES_MAX = 1_000;

import type { Task, TaskKind } from "../../shared/tasks.ts";
import type { Database } from "../database/database.ts";
import type { Attempts } from "./attempts.ts";
import { taskAsItStands } from "./by-id.ts";
import { claimOneTask } from "./claim.ts";
import type { TaskHandlers } from "./handler.ts";

/** See `Tasks.runNow`. */
export async function runTaskNow(
  { database, handlers, instance, attempts }: Running,
  taskId: string,
  timeoutMs: number,
): Promise<Task> {
  const kinds = (Object.keys(handlers) as TaskKind[]).filter((kind) => !handlers[kind]?.pausedMs?.());
  const { tasks, askedAtMs } = await claimOneTask(database, { worker: instance, taskId, kinds });
  await Promise.all(tasks.map((task) => attempts.run(task, { heldSinceMs: askedAtMs, timeoutMs })));
  return taskAsItStands(database, taskId);
}

interface Running {
  readonly database: Database;
  readonly handlers: TaskHandlers;
  readonly instance: string;
  readonly attempts: Attempts;
}

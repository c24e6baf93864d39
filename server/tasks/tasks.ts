import type { SubmitTaskInput, Task, TaskKind } from "../../shared/tasks.ts";
import { Attempts, type AttemptsOptions } from "./attempts.ts";
import { taskAsItStands } from "./by-id.ts";
import { claimOneTask } from "./claim.ts";
import { retryTask } from "./retry.ts";
import { type ReservedFor, submitTask, type TaskOrigin } from "./submit.ts";
import { createWaker } from "./waker.ts";

/** What the server's parts do with tasks; how they are worked off is in `worker.ts`. */
export interface Tasks {
  /** See `submitTask`. */
  submit(input: SubmitTaskInput, origin: TaskOrigin): Promise<Task>;
  /** See `retryTask`. */
  retry(taskId: string, actorId: string): Promise<Task>;
  /**
   * Tries a task at once in this process, unless somebody holds it, its back-off lasts or its kind is paused. What does not
   * end in time fails like any attempt and is left to the workers.
   *
   * @returns the task as it stands afterwards
   * @throws Fault NOT_FOUND; whatever keeps the database from being asked
   */
  runNow(taskId: string, timeoutMs: number): Promise<Task>;
  /** To be called after the commit of whatever makes tasks. Never throws, costs next to nothing. */
  wake(): void;
  /** Gives back what `runNow` still runs. */
  close(): Promise<void>;
}

export interface TasksOptions extends AttemptsOptions {
  readonly schema: string;
  /** Ids that cannot be submitted. Default: none. */
  readonly reservedFor?: ReservedFor;
}

/** Makes what a server's parts need to make tasks and to look at them. A worker does them. */
export function createTasks(options: TasksOptions): Tasks {
  const { database, schema, handlers, instance, reservedFor = async () => undefined, onError } = options;
  const waker = createWaker(database, { schema, onError });
  const attempts = new Attempts(options);
  return {
    async submit(input, origin) {
      const task = await submitTask(database, input, { ...origin, reservedFor });
      if (!task.duplicate) waker.wake();
      return task;
    },
    async retry(taskId, actorId) {
      const task = await retryTask(database, taskId, actorId);
      // Also after a duplicate: it had the row locked, and a worker that was woken meanwhile has passed it over.
      waker.wake();
      return task;
    },
    async runNow(taskId, timeoutMs) {
      const kinds = (Object.keys(handlers) as TaskKind[]).filter((kind) => !handlers[kind]?.pausedMs?.());
      const { tasks, askedAtMs } = await claimOneTask(database, { worker: instance, taskId, kinds });
      await Promise.all(tasks.map((task) => attempts.run(task, { heldSinceMs: askedAtMs, timeoutMs })));
      return taskAsItStands(database, taskId);
    },
    wake: () => waker.wake(),
    async close() {
      await attempts.close();
      await waker.close();
    },
  };
}

import type { ListTasksInput, SubmitTaskInput, Task, TaskWithLog } from "../../shared/tasks.ts";
import type { Page } from "../paging.ts";

/** What the server's parts know of tasks; how they are worked off is in `worker.ts`. */
export interface Tasks {
  /**
   * Stores a task, once per `taskId`: for an id that is there already it answers that task with `duplicate: true` and
   * does nothing else.
   */
  submit(input: SubmitTaskInput, origin: { actorId: string; traceId: string }): Promise<Task>;
  list(input: ListTasksInput): Promise<Page<Task>>;
  /** @throws Fault NOT_FOUND */
  byId(taskId: string): Promise<TaskWithLog>;
  /**
   * Gives a task that has FAILED another round of attempts. One that is running or waiting already is answered with
   * `duplicate: true`. @throws Fault NOT_FOUND, NOT_ALLOWED_NOW (completed or cancelled)
   */
  retry(taskId: string, actorId: string): Promise<Task>;
  /**
   * Tries a task at once in this process, unless somebody holds it, its back-off lasts or its kind is paused. What does not
   * end in time fails like any attempt and is left to the workers.
   *
   * @returns the task as it stands afterwards
   */
  runNow(taskId: string, timeoutMs: number): Promise<Task>;
  /** To be called after the commit of whatever makes tasks. Never throws, costs next to nothing. */
  wake(): void;
  close(): Promise<void>;
}

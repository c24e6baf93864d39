import type { ClaimedTask } from "./handler.ts";

/** A claimed task with what the engine needs to renew its lease and to time the next attempt. */
export interface HeldTask extends ClaimedTask {
  readonly leaseMs: number;
  readonly backoffMinMs: number;
  readonly backoffMaxMs: number;
}

/** Some other worker has the task by now, or an operator or a refund has changed it: nothing of this attempt counts. */
export class LeaseLostError extends Error {
  override readonly name = "LeaseLostError";

  constructor(taskId: string, options?: ErrorOptions) {
    super(`the lease of the task ${taskId} was lost`, options);
  }
}

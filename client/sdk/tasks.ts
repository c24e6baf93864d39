import type { Connection } from "./call.ts";
import { newIdempotencyKey } from "./idempotency-key.ts";
import { mutateOnce, mutateUnderKey, query } from "./retry.ts";
import type { TasksClient } from "./types.ts";

export function tasksClient(connection: Connection): TasksClient {
  return {
    submit(request = {}, options) {
      // The shop does a task once per id, so that the id is what makes sending it again safe.
      const taskId = request.taskId ?? newIdempotencyKey();
      return mutateUnderKey(connection, "tasks.submit", { ...request, taskId }, { ...options, idempotencyKey: taskId });
    },
    list: (request = {}, options) => query(connection, "tasks.list", request, options),
    byId: (request, options) => query(connection, "tasks.byId", request, options),
    retry: (request, options) => mutateOnce(connection, "tasks.retry", request, options),
  };
}

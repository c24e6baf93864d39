import { TASK_KINDS, TASK_STATUSES } from "../../../../../shared/tasks.ts";
import type { TaskFilter } from "../console-queries.ts";

/** The filter that stands in an address. What it cannot mean is left out. */
export function taskFilterOf(search: Readonly<Record<string, string | undefined>>): TaskFilter {
  const status = TASK_STATUSES.find((one) => one === search.status);
  const kind = TASK_KINDS.find((one) => one === search.kind);
  // Characters that no id has.
  const taskId = search.taskId?.replace(/[^\x21-\x7e]/g, "");
  return { ...(status && { status }), ...(kind && { kind }), ...(taskId && { taskId }) };
}

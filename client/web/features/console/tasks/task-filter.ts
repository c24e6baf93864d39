import { TASK_KINDS, TASK_STATUSES } from "../../../../../shared/tasks.ts";
import type { TaskFilter } from "../console-queries.ts";

/** The filter that stands in an address. What it cannot mean is left out. */
export function taskFilterOf(search: Readonly<Record<string, string | undefined>>): TaskFilter {
  const status = TASK_STATUSES.find((one) => one === search.status);
  const kind = TASK_KINDS.find((one) => one === search.kind);
  // Whatever else it is, even where no id can be like that: the field, the address and the list are to say the same.
  const taskId = search.taskId?.trim();
  return { ...(status && { status }), ...(kind && { kind }), ...(taskId && { taskId }) };
}

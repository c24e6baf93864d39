import type { Task } from "../../../../../shared/tasks.ts";

/**
 * Says where the money goes and what becomes of the units. A dispatch has begun with its first attempt: from then on the
 * goods may have left, and a refund gives back the money alone.
 *
 * @param task the dispatch; undefined while it is not known
 */
export function refundSentences(amount: string, task: Pick<Task, "status" | "attempts"> | undefined): string {
  return `${amount} go back to the wallet. ${unitsWords(task)}`;
}

function unitsWords(task: Pick<Task, "status" | "attempts"> | undefined): string {
  if (!task) return "The units can be sold again unless their dispatch has begun.";
  if (task.status === "COMPLETED") return "It is dispatched already: the units do not come back.";
  if (task.status === "PENDING" && task.attempts === 0)
    return "Its dispatch has not begun: the units can be sold again.";
  return "Its dispatch has begun: the units do not come back.";
}

import type { Task, TaskEvent, TaskStatus } from "../../../../../shared/tasks.ts";
import type { SignName, Tone } from "../tag.tsx";
import { countWords } from "../time-words.ts";

/** A task's state in words, a colour and a sign. */
export const STATUS_WORDS: Record<TaskStatus, { readonly text: string; readonly tone: Tone; readonly sign: SignName }> =
  {
    PENDING: { text: "Pending", tone: "plain", sign: "waiting" },
    PROCESSING: { text: "Processing", tone: "busy", sign: "turning" },
    COMPLETED: { text: "Completed", tone: "good", sign: "done" },
    FAILED: { text: "Failed", tone: "bad", sign: "failed" },
    CANCELLED: { text: "Cancelled", tone: "quiet", sign: "off" },
  };

/** What happened to a task, in words. `detail` says more about it, where there is more. */
export function eventWords({ event, worker, attempt, message }: EventFacts): {
  text: string;
  tone: Tone;
  detail: string | null;
} {
  const by = worker === null ? "" : ` by ${worker}`;
  switch (event) {
    case "submitted":
      return { text: "Submitted", tone: "plain", detail: message };
    case "duplicate":
      return { text: "Submitted again, nothing done", tone: "quiet", detail: message };
    case "claimed":
      return { text: `Attempt ${attempt} begun${by}`, tone: "busy", detail: message };
    case "completed":
      return { text: "Completed", tone: "good", detail: message };
    case "failed":
      return { text: `Attempt ${attempt} failed`, tone: "bad", detail: message };
    case "postponed":
      return { text: "Postponed", tone: "quiet", detail: message };
    case "recovered":
      return { text: `Attempt ${attempt} begun${by}, taken over`, tone: "busy", detail: message };
    case "retried":
      return { text: "Retried", tone: "plain", detail: message };
    case "cancelled":
      return { text: "Cancelled", tone: "quiet", detail: message };
    default:
      return event satisfies never;
  }
}

/** What comes next, and at which moment; null where nothing comes by itself. */
export function nextStep({
  status,
  attempts,
  attemptsMax,
  dueAt,
}: NextFacts): { words: string; at: string | null } | null {
  switch (status) {
    case "PENDING":
      return { words: attempts === 0 ? "Starts" : "Next attempt", at: dueAt };
    case "PROCESSING":
      return { words: "Leased until", at: dueAt };
    case "FAILED":
      return attempts < attemptsMax && dueAt !== null
        ? { words: "Next attempt", at: dueAt }
        : { words: "Waits for an operator", at: null };
    case "COMPLETED":
    case "CANCELLED":
      return null;
    default:
      return status satisfies never;
  }
}

/** "1 of 10". */
export function attemptsWords({ attempts, attemptsMax }: Pick<Task, "attempts" | "attemptsMax">): string {
  return `${countWords(attempts)} of ${countWords(attemptsMax)}`;
}

/** Whether an operator may send it round again. */
export function canRetry({ status }: Pick<Task, "status">): boolean {
  return status === "FAILED";
}

export interface EventFacts {
  readonly event: TaskEvent;
  readonly worker: string | null;
  readonly attempt: number;
  readonly message: string | null;
}

type NextFacts = Pick<Task, "status" | "attempts" | "attemptsMax" | "dueAt">;

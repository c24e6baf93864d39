import type { ReactNode } from "react";
import { TASK_STATUSES, type TaskStatus } from "../../../../../shared/tasks.ts";
import { ShareBar } from "../share-bar.tsx";
import { countWords, lengthWords } from "../time-words.ts";
import { STATUS_WORDS } from "./task-status-words.ts";

/** How many tasks are in each state: as a bar, and in numbers that lead to those tasks. */
export function TaskCounts({ byStatus, oldestOpenSeconds, renderLink }: TaskCountsProps) {
  const counts = TASK_STATUSES.map((status) => ({ status, count: byStatus[status] ?? 0 }));
  const total = counts.reduce((sum, { count }) => sum + count, 0);
  return (
    <>
      <ShareBar
        total={total}
        className="h-4"
        parts={counts.map(({ status, count }) => ({ name: status, count, fill: FILLS[status] }))}
      />
      <ul aria-label="Tasks by status" className="mt-3 grid gap-y-0.5">
        {counts.map(({ status, count }) => (
          <li key={status} className="relative -mx-2 flex items-center gap-2.5 rounded-md px-2 py-1 hover:bg-sunken">
            <span aria-hidden="true" className={`size-3 rounded-full ${DOTS[status]}`} />
            {renderLink(status, STATUS_WORDS[status].text)}
            <span className="figures ml-auto text-lg font-bold narrow">{countWords(count)}</span>
          </li>
        ))}
      </ul>
      <p className="mt-3 border-t border-line pt-3 text-sm text-muted">
        {oldestOpenSeconds > 0 ? (
          <>
            The oldest open one has waited{" "}
            <strong className="figures text-ink">{lengthWords(oldestOpenSeconds * 1_000)}</strong>.
          </>
        ) : (
          "None is waiting for a worker."
        )}
      </p>
    </>
  );
}

const FILLS: Record<TaskStatus, string> = {
  PENDING: "fill-edge",
  PROCESSING: "fill-flag",
  COMPLETED: "fill-good",
  FAILED: "fill-hot",
  CANCELLED: "fill-line",
};

const DOTS: Record<TaskStatus, string> = {
  PENDING: "bg-edge",
  PROCESSING: "bg-flag ring-1 ring-edge",
  COMPLETED: "bg-good",
  FAILED: "bg-hot",
  CANCELLED: "bg-line ring-1 ring-edge",
};

interface TaskCountsProps {
  readonly byStatus: Readonly<Record<string, number>>;
  readonly oldestOpenSeconds: number;
  readonly renderLink: (status: TaskStatus, words: string) => ReactNode;
}

import { useInfiniteQuery } from "@tanstack/react-query";
import type { ReactNode } from "react";
import type { Task } from "../../../../../shared/tasks.ts";
import { LoadMore } from "../../../components/load-more.tsx";
import { Ago, Due } from "../ago.tsx";
import { type TaskFilter, tasksQuery } from "../console-queries.ts";
import { Found } from "../panel.tsx";
import { Tag } from "../tag.tsx";
import { KIND_WORDS } from "./task-filters.tsx";
import { attemptsWords, nextStep, STATUS_WORDS } from "./task-status-words.ts";
import { type Submission, useSubmissions } from "./use-submit-task.ts";

/** The tasks that the filter lets through, newest first; those that were submitted a moment ago above all. */
export function TaskList({ filter, renderLink }: TaskListProps) {
  const query = useInfiniteQuery(tasksQuery(filter));
  const submissions = useSubmissions();
  return (
    <Found query={query} what="the list of tasks" skeleton="h-96">
      {({ pages }) => {
        const tasks = pages.flatMap(({ items }) => items);
        const known = new Set(tasks.map(({ taskId }) => taskId));
        const underWay = submissions.filter((one) => !known.has(one.taskId) && isShown(one, filter));
        if (tasks.length + underWay.length === 0) return <Nothing isFiltered={Object.keys(filter).length > 0} />;
        return (
          <>
            <table
              aria-label="Tasks"
              aria-busy={query.isPlaceholderData || undefined}
              className="w-full table-fixed text-left transition-opacity aria-busy:opacity-55"
            >
              <thead className="text-sm text-muted">
                <tr className="border-b-2 border-ink">
                  <th scope="col" className="py-2 pr-3 font-semibold">
                    Task
                  </th>
                  <th scope="col" className="w-33 py-2 pr-3 font-semibold">
                    Status
                  </th>
                  <th scope="col" className="hidden w-30 py-2 pr-3 text-right font-semibold sm:table-cell">
                    Attempts
                  </th>
                  <th scope="col" className="hidden w-32 py-2 text-right font-semibold sm:table-cell">
                    Time
                  </th>
                </tr>
              </thead>
              <tbody>
                {underWay.map((submission) => (
                  <TaskRow key={submission.taskId} task={asTask(submission)} renderLink={(taskId) => taskId} />
                ))}
                {tasks.map((task) => (
                  <TaskRow key={task.taskId} task={task} renderLink={renderLink} />
                ))}
              </tbody>
            </table>
            <LoadMore query={query} />
          </>
        );
      }}
    </Found>
  );
}

function TaskRow({ task, renderLink }: { task: ShownTask; renderLink: TaskListProps["renderLink"] }) {
  const { text, tone, sign } = STATUS_WORDS[task.status];
  const attempts = attemptsWords(task);
  return (
    <tr className="relative border-b border-line align-top hover:bg-paper">
      <th scope="row" className="py-2.5 pr-3 font-normal">
        <span className="block truncate font-semibold">{renderLink(task.taskId, task.taskId)}</span>
        <span className="block text-sm text-muted">
          {KIND_WORDS[task.kind]}
          <span className="figures sm:hidden"> · {attempts}</span>
        </span>
        {task.errorMessage !== null && task.status !== "COMPLETED" && (
          <span className="line-clamp-2 text-sm wrap-anywhere text-hot">{task.errorMessage}</span>
        )}
      </th>
      <td className="py-2.5 pr-3">
        <Tag tone={tone} sign={sign}>
          {text}
        </Tag>
        <span className="mt-1 block text-sm text-muted sm:hidden">
          <TaskTime task={task} />
        </span>
      </td>
      <td className="figures hidden py-2.5 pr-3 text-right whitespace-nowrap sm:table-cell">{attempts}</td>
      <td className="hidden py-2.5 text-right text-sm text-muted sm:table-cell">
        <TaskTime task={task} />
      </td>
    </tr>
  );
}

/** When it goes on, where it does; else when it was over. */
function TaskTime({ task }: { task: ShownTask }) {
  const next = task.status === "PROCESSING" ? null : nextStep(task);
  if (next?.at) {
    return (
      <>
        {next.words} <Due at={next.at} />
      </>
    );
  }
  if (next) return next.words;
  const at = task.status === "PROCESSING" ? null : (task.processedAt ?? task.createdAt);
  return at === null ? "now" : <Ago at={at} />;
}

function Nothing({ isFiltered }: { isFiltered: boolean }) {
  return (
    <p className="rounded-md bg-sunken px-4 py-10 text-center text-muted">
      {isFiltered
        ? "No task is like that."
        : "No tasks yet. They come with the first purchase or order, or from the form beside this."}
    </p>
  );
}

/** What is on its way counts as being processed: it will be before anybody could look twice. */
function asTask({ taskId, kind, attemptsMax }: Submission): ShownTask {
  const unknown = { errorMessage: null, dueAt: null, processedAt: null, createdAt: null };
  return { taskId, kind, status: "PROCESSING", attempts: 0, attemptsMax, ...unknown };
}

function isShown({ taskId, kind }: Submission, filter: TaskFilter): boolean {
  if (filter.status !== undefined && filter.status !== "PROCESSING") return false;
  if (filter.kind !== undefined && filter.kind !== kind) return false;
  return taskId.startsWith(filter.taskId ?? "");
}

type ShownTask = Pick<
  Task,
  "taskId" | "kind" | "status" | "attempts" | "attemptsMax" | "errorMessage" | "dueAt" | "processedAt"
> & { readonly createdAt: string | null };

interface TaskListProps {
  readonly filter: TaskFilter;
  /** A way to the task's details. */
  readonly renderLink: (taskId: string, words: string) => ReactNode;
}

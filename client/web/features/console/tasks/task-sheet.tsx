import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import type { ReactNode } from "react";
import type { TaskWithLog } from "../../../../../shared/tasks.ts";
import { doorbuster } from "../../../app/clients.ts";
import { useMayChange } from "../../../app/session.ts";
import { Button } from "../../../components/button.tsx";
import { When } from "../../../components/when.tsx";
import { ActionFailure, useActionFailure } from "../action-failure.tsx";
import { Ago, Due } from "../ago.tsx";
import { TASK_LISTS_KEY, taskQuery } from "../console-queries.ts";
import { Found } from "../panel.tsx";
import { Sheet } from "../sheet.tsx";
import { Tag } from "../tag.tsx";
import { countWords } from "../time-words.ts";
import { KIND_WORDS } from "./task-filters.tsx";
import { TaskLog } from "./task-log.tsx";
import { attemptsWords, canRetry, nextStep, STATUS_WORDS } from "./task-status-words.ts";

/** All there is to know about one task, as it stands now. */
export function TaskSheet({ taskId, onClose }: { taskId: string | undefined; onClose: () => void }) {
  return (
    <Sheet title={taskId ?? ""} isOpen={taskId !== undefined} onClose={onClose}>
      {taskId !== undefined && <TaskDetails taskId={taskId} />}
    </Sheet>
  );
}

function TaskDetails({ taskId }: { taskId: string }) {
  const query = useQuery(taskQuery(taskId));
  const mayChange = useMayChange();
  return (
    <Found query={query} what="the task" skeleton="h-96">
      {(task) => (
        <div className="grid gap-6">
          <Standing task={task} />
          {task.errorMessage !== null && task.status !== "COMPLETED" && (
            <div className="rounded-md border-l-4 border-hot bg-hot-soft px-4 py-3">
              <p className="font-bold text-hot">The last attempt failed</p>
              <p className="mt-0.5 leading-snug wrap-anywhere">{task.errorMessage}</p>
            </div>
          )}
          {mayChange && canRetry(task) && <Retry task={task} seenAtMs={query.dataUpdatedAt} />}
          <Json title="Payload" value={task.payload} />
          {task.result !== null && <Json title="Result" value={task.result} />}
          <Part title="Log">
            <TaskLog log={task.log} />
          </Part>
        </div>
      )}
    </Found>
  );
}

function Standing({ task }: { task: TaskWithLog }) {
  const { text, tone, sign } = STATUS_WORDS[task.status];
  const next = nextStep(task);
  return (
    <>
      <p role="status">
        <Tag tone={tone} sign={sign} className="text-base">
          {text}
        </Tag>
      </p>
      <dl className="grid grid-cols-[auto_1fr] gap-x-5 gap-y-1.5 text-[0.95rem]">
        <Fact name="Kind">{KIND_WORDS[task.kind]}</Fact>
        <Fact name="Attempts">
          <span className="figures">{attemptsWords(task)}</span>
        </Fact>
        {next && (
          <Fact name={next.at === null ? "Next" : next.words}>
            {next.at === null ? next.words : <Due at={next.at} />}
          </Fact>
        )}
        {task.worker !== null && <Fact name="Held by">{task.worker}</Fact>}
        <Fact name="Submitted">
          <When at={task.createdAt} /> · <Ago at={task.createdAt} />
        </Fact>
        {task.processedAt !== null && (
          <Fact name="Last attempt ended">
            <When at={task.processedAt} /> · <Ago at={task.processedAt} />
          </Fact>
        )}
        <Fact name="Priority">{countWords(task.priority)}</Fact>
        <Fact name="Version">{countWords(task.version)}</Fact>
        <Fact name="Trace">{task.traceId}</Fact>
      </dl>
    </>
  );
}

function Retry({ task, seenAtMs }: { task: TaskWithLog; seenAtMs: number }) {
  const queryClient = useQueryClient();
  const retry = useMutation({
    mutationFn: () => doorbuster.tasks.retry({ taskId: task.taskId }),
    onSettled: () =>
      Promise.all([
        queryClient.invalidateQueries({ queryKey: taskQuery(task.taskId).queryKey }),
        queryClient.invalidateQueries({ queryKey: TASK_LISTS_KEY }),
      ]),
  });
  const { isLooking } = useActionFailure(retry.error, seenAtMs);
  return (
    <div>
      <Button busy={retry.isPending || isLooking} onClick={() => retry.mutate()}>
        Retry now
      </Button>
      {retry.error && <ActionFailure error={retry.error} isLooking={isLooking} title="Not retried" className="mt-3" />}
    </div>
  );
}

function Json({ title, value }: { title: string; value: unknown }) {
  return (
    <Part title={title}>
      <pre className="rounded-md bg-sunken px-3.5 py-3 font-mono text-sm leading-relaxed wrap-anywhere whitespace-pre-wrap">
        {JSON.stringify(value, null, 2)}
      </pre>
    </Part>
  );
}

function Part({ title, children }: { title: string; children: ReactNode }) {
  return (
    <section>
      <h3 className="mb-2 font-bold narrow">{title}</h3>
      {children}
    </section>
  );
}

function Fact({ name, children }: { name: string; children: ReactNode }) {
  return (
    <>
      <dt className="text-muted">{name}</dt>
      <dd className="font-medium wrap-anywhere">{children}</dd>
    </>
  );
}

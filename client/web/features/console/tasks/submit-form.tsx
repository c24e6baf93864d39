import { type FormEvent, type ReactNode, useState } from "react";
import type { Task } from "../../../../../shared/tasks.ts";
import { Button } from "../../../components/button.tsx";
import { Notice } from "../../../components/notice.tsx";
import { TextField } from "../../../components/text-field.tsx";
import { ActionFailure } from "../action-failure.tsx";
import { Tag } from "../tag.tsx";
import { useDraft } from "../use-draft.ts";
import { JsonField } from "./json-field.tsx";
import { readTaskForm, type TaskFields } from "./task-form.ts";
import { attemptsWords, STATUS_WORDS } from "./task-status-words.ts";
import { useSubmitTask } from "./use-submit-task.ts";

/** Submits a task that only shows how the machine works. An id that was there before shows that task. */
export function SubmitForm({ renderLink }: { renderLink: (taskId: string, words: string) => ReactNode }) {
  const draft = useDraft(TASK_FORM);
  const { submit, clear, isPending, isLooking, error, answer } = useSubmitTask({ onDone: draft.drop });
  const [typed] = useState(draft.read);
  const [errors, setErrors] = useState<Partial<Record<keyof TaskFields, string>>>({});
  const onSubmit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    if (isPending || isLooking) return;
    const form = event.currentTarget;
    const read = readTaskForm(fieldsOf(form));
    setErrors(read.ok ? {} : read.errors);
    if (read.ok) return submit(read.input);
    // An answer to the last task beside the errors of this one would seem to be about this one.
    clear();
    focusField(form, Object.keys(read.errors));
  };
  return (
    <>
      <form
        onSubmit={onSubmit}
        onChange={({ currentTarget }) => draft.keep({ ...fieldsOf(currentTarget) })}
        noValidate
        aria-label="Submit a task"
        className="flex flex-col gap-4"
      >
        <TextField
          label="Id"
          name="taskId"
          autoComplete="off"
          spellCheck={false}
          hint="Generated when left empty. A task runs once per id."
          error={errors.taskId}
          defaultValue={typed?.taskId}
        />
        <JsonField
          label="Payload"
          name="payload"
          hint="Any JSON, at most 64 kB."
          defaultValue={typed?.payload}
          error={errors.payload}
        />
        <div className="grid grid-cols-2 items-start gap-3">
          <TextField
            label="Delay, ms"
            name="delayMs"
            inputMode="numeric"
            autoComplete="off"
            placeholder="100–600"
            error={errors.delayMs}
            defaultValue={typed?.delayMs}
          />
          <TextField
            label="Failures, %"
            name="failures"
            inputMode="decimal"
            autoComplete="off"
            placeholder="20"
            error={errors.failures}
            defaultValue={typed?.failures}
          />
        </div>
        <Button type="submit" busy={isPending || isLooking}>
          Submit
        </Button>
      </form>
      <div role="status" className="not-empty:mt-4">
        {answer &&
          !isPending &&
          (answer.duplicate ? (
            <Duplicate task={answer} renderLink={renderLink} />
          ) : (
            <Taken task={answer} renderLink={renderLink} />
          ))}
      </div>
      {error && !isPending && (
        <ActionFailure error={error} isLooking={isLooking} title="Task not submitted" className="mt-4" />
      )}
    </>
  );
}

function Taken({ task, renderLink }: AnswerProps) {
  return (
    <Notice tone="good" title="Task submitted">
      <p className={LINK}>{renderLink(task.taskId, "Follow it")}</p>
    </Notice>
  );
}

/** Not an error: whoever sends twice is told what became of the first. */
function Duplicate({ task, renderLink }: AnswerProps) {
  const { text, tone, sign } = STATUS_WORDS[task.status];
  return (
    <Notice tone="plain" title="This id already exists">
      <p>Nothing was done a second time. This is the task that has it:</p>
      <p className="my-2 flex flex-wrap items-center gap-x-3 gap-y-1">
        <span className="font-semibold wrap-anywhere">{task.taskId}</span>
        <Tag tone={tone} sign={sign}>
          {text}
        </Tag>
        <span className="figures text-muted">{attemptsWords(task)} attempts</span>
      </p>
      {(task.result ?? task.errorMessage) !== null && (
        <p className="mb-2 line-clamp-3 text-sm wrap-anywhere text-muted">
          {task.result === null ? task.errorMessage : `Result: ${JSON.stringify(task.result)}`}
        </p>
      )}
      <p className={LINK}>{renderLink(task.taskId, "Show it")}</p>
    </Notice>
  );
}

/** What its draft is called. */
export const TASK_FORM = "task";

/** In a list a link may be pressed anywhere in its row; here that is no more than itself. */
const LINK = "relative w-fit font-semibold underline decoration-2";

function fieldsOf(form: HTMLFormElement): TaskFields {
  const data = new FormData(form);
  const text = (name: string) => String(data.get(name) ?? "");
  return { taskId: text("taskId"), payload: text("payload"), delayMs: text("delayMs"), failures: text("failures") };
}

function focusField(form: HTMLFormElement, names: readonly string[]): void {
  const field = [...form.elements].find((element) => names.includes(element.getAttribute("name") ?? ""));
  if (field instanceof HTMLElement) field.focus();
}

interface AnswerProps {
  readonly task: Task;
  readonly renderLink: (taskId: string, words: string) => ReactNode;
}

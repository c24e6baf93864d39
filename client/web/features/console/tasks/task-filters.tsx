import { TASK_KINDS, TASK_STATUSES, type TaskKind, type TaskStatus } from "../../../../../shared/tasks.ts";
import { ChoiceField } from "../choice-field.tsx";
import type { TaskFilter } from "../console-queries.ts";
import { SearchField } from "../search-field.tsx";
import { STATUS_WORDS } from "./task-status-words.ts";

/** Chooses which tasks are shown. The id is looked for while one types, once the typing pauses. */
export function TaskFilters({ filter, onFilter }: { filter: TaskFilter; onFilter: (filter: TaskFilter) => void }) {
  const { status, kind, taskId } = filter;
  return (
    <search className="grid grid-cols-2 items-end gap-3 sm:grid-cols-[10rem_10rem_1fr]">
      <ChoiceField<TaskStatus>
        label="Status"
        value={status}
        options={TASK_STATUSES.map((value) => ({ value, words: STATUS_WORDS[value].text }))}
        onChoose={(chosen) => onFilter(withChoice({ kind, taskId }, { status: chosen }))}
      />
      <ChoiceField<TaskKind>
        label="Kind"
        value={kind}
        options={TASK_KINDS.map((value) => ({ value, words: KIND_WORDS[value] }))}
        onChoose={(chosen) => onFilter(withChoice({ status, taskId }, { kind: chosen }))}
      />
      <SearchField
        label="Id begins with"
        value={taskId ?? ""}
        lengthMax={ID_LENGTH_MAX}
        className="col-span-2 sm:col-span-1"
        onChange={(typed) => onFilter(withChoice({ status, kind }, { taskId: typed === "" ? undefined : typed }))}
      />
    </search>
  );
}

/** A filter that is not set has no place in the address, nor in the question. */
function withChoice(...parts: { [Name in keyof TaskFilter]?: TaskFilter[Name] | undefined }[]): TaskFilter {
  return Object.fromEntries(Object.entries(Object.assign({}, ...parts)).filter(([, value]) => value !== undefined));
}

/** What the shop takes. */
const ID_LENGTH_MAX = 255;

export const KIND_WORDS: Record<TaskKind, string> = {
  dispatch: "Dispatch",
  receive: "Receive",
  simulate: "Simulate",
};

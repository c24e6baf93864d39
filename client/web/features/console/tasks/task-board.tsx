import { useQuery } from "@tanstack/react-query";
import { type ReactNode, useState } from "react";
import type { TaskStatus } from "../../../../../shared/tasks.ts";
import { useMayChange } from "../../../app/session.ts";
import { Button } from "../../../components/button.tsx";
import { ChartPanel } from "../chart-panel.tsx";
import { metricsQuery, type TaskFilter } from "../console-queries.ts";
import { Found, Panel } from "../panel.tsx";
import { TASK_LIST_ID } from "../panel-ids.ts";
import { useDraft } from "../use-draft.ts";
import { SubmitForm, TASK_FORM } from "./submit-form.tsx";
import { TaskCounts } from "./task-counts.tsx";
import { TaskFilters } from "./task-filters.tsx";
import { TaskList } from "./task-list.tsx";

/** The tasks at a glance, one by one, and a form that makes one. */
export function TaskBoard({ filter, onFilter, renderStatusLink, renderTaskLink }: TaskBoardProps) {
  const metrics = useQuery(metricsQuery);
  const mayChange = useMayChange();
  return (
    <div className="grid gap-4 lg:grid-cols-12">
      <Panel title="Tasks by status" className="lg:col-span-4">
        <Found query={metrics} what="the number of tasks" skeleton="h-57">
          {({ tasks }) => <TaskCounts {...tasks} renderLink={renderStatusLink} />}
        </Found>
      </Panel>
      <div className="grid gap-4 sm:grid-cols-2 lg:col-span-8">
        <ChartPanel name="purchases" />
        <ChartPanel name="tasks" />
      </div>
      {mayChange && (
        <div className="lg:sticky lg:top-4 lg:order-last lg:col-span-4 lg:self-start">
          <FoldedForm renderLink={renderTaskLink} />
        </div>
      )}
      <Panel id={TASK_LIST_ID} title="All tasks" className={mayChange ? "lg:col-span-8" : "lg:col-span-12"}>
        <div className="mb-4">
          <TaskFilters filter={filter} onFilter={onFilter} />
        </div>
        <TaskList filter={filter} renderLink={renderTaskLink} />
      </Panel>
    </div>
  );
}

/** On a small screen the form would stand between an operator and the list: it opens when it is asked for. */
function FoldedForm({ renderLink }: { renderLink: TaskBoardProps["renderTaskLink"] }) {
  const draft = useDraft(TASK_FORM);
  const [isOpen, setOpen] = useState(() => draft.read() !== undefined);
  return (
    <Panel
      title="Submit a task"
      aside={
        <Button look="quiet" aria-expanded={isOpen} onClick={() => setOpen(!isOpen)} className="lg:hidden">
          {isOpen ? "Close the form" : "Open the form"}
        </Button>
      }
    >
      <div className={isOpen ? "" : "max-lg:hidden"}>
        <SubmitForm renderLink={renderLink} />
      </div>
      {!isOpen && <p className="text-sm text-muted lg:hidden">It shows how the machine works, and sells nothing.</p>}
    </Panel>
  );
}

interface TaskBoardProps {
  readonly filter: TaskFilter;
  readonly onFilter: (filter: TaskFilter) => void;
  /** A way to the tasks of a status. */
  readonly renderStatusLink: (status: TaskStatus, words: string) => ReactNode;
  /** A way to one task. */
  readonly renderTaskLink: (taskId: string, words: string) => ReactNode;
}

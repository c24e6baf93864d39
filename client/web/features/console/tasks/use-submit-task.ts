import { useMutation, useMutationState, useQueryClient } from "@tanstack/react-query";
import type { SubmitTaskInput, Task } from "../../../../../shared/tasks.ts";
import type { DoorbusterError } from "../../../../sdk/index.ts";
import { newIdempotencyKey } from "../../../../sdk/index.ts";
import { doorbuster } from "../../../app/clients.ts";
import { metricsQuery, TASK_LISTS_KEY, tasksQuery } from "../console-queries.ts";

/** A task with its id, made here where none was given: so its row has its name before the shop has answered. */
export interface Submission extends SubmitTaskInput {
  readonly taskId: string;
}

/** Submits tasks. What is on its way shows in `useSubmissions`; the answer stands in the list at once. */
export function useSubmitTask() {
  const queryClient = useQueryClient();
  const mutation = useMutation<Task, DoorbusterError, Submission>({
    mutationKey: SUBMIT_KEY,
    mutationFn: (submission) => doorbuster.tasks.submit(submission),
    onSuccess: (task) => {
      if (!task.duplicate) putFirst(task);
      void queryClient.invalidateQueries({ queryKey: metricsQuery.queryKey });
      if (task.duplicate) void queryClient.invalidateQueries({ queryKey: TASK_LISTS_KEY });
    },
  });

  /** Its row goes on being processed until the next reading says otherwise: a worker has heard of it by now. */
  function putFirst(task: Task): void {
    const shown: Task = task.status === "PENDING" ? { ...task, status: "PROCESSING" } : task;
    queryClient.setQueryData(tasksQuery({}).queryKey, (list) => {
      const [first, ...others] = list?.pages ?? [];
      if (!list || !first) return list;
      const items = [shown, ...first.items.filter(({ taskId }) => taskId !== task.taskId)];
      return { ...list, pages: [{ ...first, items }, ...others] };
    });
  }

  return {
    submit: (input: SubmitTaskInput) => mutation.mutate({ ...input, taskId: input.taskId ?? newIdempotencyKey() }),
    /** Forgets what became of the last one. */
    clear: mutation.reset,
    isPending: mutation.isPending,
    error: mutation.error,
    answer: mutation.data,
  };
}

/** Tasks that were submitted here and have no answer yet, newest first. */
export function useSubmissions(): Submission[] {
  return useMutationState({
    filters: { mutationKey: SUBMIT_KEY, status: "pending" },
    select: ({ state }) => state.variables as Submission, // The key is this mutation's own.
  }).reverse();
}

const SUBMIT_KEY = ["tasks", "submit"];

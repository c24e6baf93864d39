import { useMutation, useMutationState, useQuery, useQueryClient } from "@tanstack/react-query";
import type { SubmitTaskInput, Task } from "../../../../../shared/tasks.ts";
import type { DoorbusterError } from "../../../../sdk/index.ts";
import { newIdempotencyKey } from "../../../../sdk/index.ts";
import { doorbuster } from "../../../app/clients.ts";
import { metricsQuery, TASK_LISTS_KEY, taskQuery, tasksQuery } from "../console-queries.ts";
import { isNotFound } from "../is-not-found.ts";

/** A task with its id, made here where none was given: so its row has its name before the shop has answered. */
export interface Submission extends SubmitTaskInput {
  readonly taskId: string;
}

/**
 * Submits tasks. What is on its way shows in `useSubmissions`; the answer stands in the list at once. Where it was lost, the
 * task is looked up by its id.
 */
export function useSubmitTask({ onDone }: { onDone: () => void }) {
  const queryClient = useQueryClient();
  const mutation = useMutation<Task, DoorbusterError, Submission>({
    mutationKey: SUBMIT_KEY,
    mutationFn: (submission) => doorbuster.tasks.submit(submission),
    onSuccess: (task) => {
      onDone();
      if (!task.duplicate) putFirst(task);
      void queryClient.invalidateQueries({ queryKey: metricsQuery.queryKey });
      if (task.duplicate) void queryClient.invalidateQueries({ queryKey: TASK_LISTS_KEY });
    },
    // What was known of this id before says nothing about what became of it now.
    onError: (_, { taskId }) => void queryClient.resetQueries({ queryKey: taskQuery(taskId).queryKey }),
  });
  const isUnknown = mutation.error?.outcome === "unknown";
  const lookedUp = useQuery({ ...taskQuery(mutation.variables?.taskId ?? ""), enabled: isUnknown });
  const found = isUnknown ? lookedUp.data : undefined;

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
    /** Whether it is not known yet what became of it. */
    isLooking: isUnknown && !found && !isNotFound(lookedUp.error),
    error: found ? null : mutation.error,
    answer: mutation.data ?? found,
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

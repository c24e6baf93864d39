import { useMutation, useMutationState, useQueryClient } from "@tanstack/react-query";
import type { ReconcileResult } from "../../../../../shared/operations.ts";
import { createDoorbusterClient, type DoorbusterError } from "../../../../sdk/index.ts";
import { reconcileStateQuery } from "../console-queries.ts";

/** Checks everything, and reads again what is known. One check at a time, wherever on the page it was asked for. */
export function useReconcile() {
  const queryClient = useQueryClient();
  const { mutate, error, data } = useMutation<ReconcileResult, DoorbusterError>({
    mutationKey: RECONCILE_KEY,
    mutationFn: () => patientClient.operations.reconcile(),
    onSettled: () => queryClient.invalidateQueries({ queryKey: reconcileStateQuery.queryKey }),
  });
  const [sinceMs] = useMutationState({
    filters: { mutationKey: RECONCILE_KEY, status: "pending" },
    select: ({ state }) => state.submittedAt,
  });
  return {
    start: () => sinceMs === undefined && mutate(),
    /** When the check began that is under way, by this computer's clock. */
    sinceMs,
    error,
    /** What the check that was asked for here has found. */
    found: data,
  };
}

const RECONCILE_KEY = ["operations", "reconcile"];

/** Everything that was ever sold is looked at: the shop allows itself ten minutes for that. */
const RECONCILE_MS_MAX = 660_000;

const patientClient = createDoorbusterClient({
  url: "",
  timeoutMs: RECONCILE_MS_MAX,
  deadlineMs: RECONCILE_MS_MAX,
});

import { useMutation, useQueryClient } from "@tanstack/react-query";
import type { ChaosInput, ChaosState } from "../../../../../shared/operations.ts";
import type { DoorbusterError } from "../../../../sdk/index.ts";
import { doorbuster } from "../../../app/clients.ts";
import { useActionFailure } from "../action-failure.tsx";
import { chaosQuery, verdictQuery } from "../console-queries.ts";

/** Starts and stops faults. Each place that does has one of its own, so that it alone shows what it waits for. */
export function useChaos({ active, seenAtMs, onDone }: ChaosOptions) {
  const queryClient = useQueryClient();
  const chaos = useMutation<ChaosState, DoorbusterError, ChaosInput>({
    mutationFn: (input) => doorbuster.operations.chaos(input),
    onSuccess: (state) => {
      queryClient.setQueryData(chaosQuery.queryKey, state);
      void queryClient.invalidateQueries({ queryKey: verdictQuery.queryKey });
      onDone?.();
    },
    onError: () => void queryClient.invalidateQueries({ queryKey: chaosQuery.queryKey }),
  });
  const { isUnknown, isLooking } = useActionFailure(chaos.error, seenAtMs);
  // What is on by now says more than the answer that was lost.
  const isSo = isUnknown && !isLooking && chaos.variables?.action === (active ? "start" : "stop");
  return { ...chaos, isLooking, error: isSo ? null : chaos.error };
}

interface ChaosOptions {
  /** Whether what it acts on is on. */
  readonly active: boolean;
  /** When that was read. */
  readonly seenAtMs: number;
  readonly onDone?: () => void;
}

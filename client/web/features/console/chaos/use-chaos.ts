import { useMutation, useQueryClient } from "@tanstack/react-query";
import type { ChaosInput, ChaosState } from "../../../../../shared/operations.ts";
import type { DoorbusterError } from "../../../../sdk/index.ts";
import { doorbuster } from "../../../app/clients.ts";
import { chaosQuery, verdictQuery } from "../console-queries.ts";

/** Starts and stops faults. Each place that does has one of its own, so that it alone shows what it waits for. */
export function useChaos() {
  const queryClient = useQueryClient();
  return useMutation<ChaosState, DoorbusterError, ChaosInput>({
    mutationFn: (input) => doorbuster.operations.chaos(input),
    onSuccess: (state) => {
      queryClient.setQueryData(chaosQuery.queryKey, state);
      void queryClient.invalidateQueries({ queryKey: verdictQuery.queryKey });
    },
  });
}

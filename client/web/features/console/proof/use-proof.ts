import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useEffect, useRef } from "react";
import type { ProofKind } from "../../../../../shared/proof.ts";
import { doorbuster } from "../../../app/clients.ts";
import { reconcileStateQuery } from "../console-queries.ts";
import { headsQuery, proofStateQuery } from "./proof-queries.ts";

/** A run of one kind, whoever has asked for it; and a way to ask for one. What else shows its result is read again when it has ended. */
export function useProof(kind: ProofKind) {
  const queryClient = useQueryClient();
  const { data: state } = useQuery(proofStateQuery);
  const run = state?.[kind];
  const isRunning = run?.endedAt === null;
  const { mutate, error, isPending } = useMutation({
    mutationFn: () => doorbuster.proof.start({ kind }),
    onSettled: () => queryClient.invalidateQueries({ queryKey: proofStateQuery.queryKey }),
  });
  const endedBefore = useRef<string | null>(undefined);
  const ended = run?.endedAt;
  useEffect(() => {
    const isNews = endedBefore.current !== undefined && ended && ended !== endedBefore.current;
    endedBefore.current = ended;
    if (!isNews) return;
    void queryClient.invalidateQueries({ queryKey: reconcileStateQuery.queryKey });
    void queryClient.invalidateQueries({ queryKey: headsQuery.queryKey });
  }, [ended, queryClient]);
  return { start: () => mutate(), isRunning: isRunning || isPending, run: isRunning ? run : undefined, error };
}

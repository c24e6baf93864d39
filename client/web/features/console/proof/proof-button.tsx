import type { ProofKind } from "../../../../../shared/proof.ts";
import { Button } from "../../../components/button.tsx";
import { countWords } from "../time-words.ts";
import { useProof } from "./use-proof.ts";

/** Has something proved in the background, and shows how far that has come, whoever has asked for it. */
export function ProofButton({ kind, children }: { kind: ProofKind; children: string }) {
  const { start, isRunning, run, error } = useProof(kind);
  const { running, unit } = WORDS[kind];
  return (
    <div className="flex flex-wrap items-center gap-x-4 gap-y-2 print:hidden">
      <Button look="plain" busy={isRunning} onClick={start}>
        {children}
      </Button>
      <p role="status" className="text-sm leading-snug">
        {isRunning && running}
        {!isRunning && error && `It could not be begun. ${error.message}`}
      </p>
      {run && run.total > 0 && (
        <p className="flex items-center gap-2 text-sm">
          <progress aria-label={running} value={run.done} max={run.total} className="h-2 w-40" />
          <span className="figures text-muted">
            {countWords(run.done)} of {countWords(run.total)} {unit}
          </span>
        </p>
      )}
    </div>
  );
}

const WORDS: Record<ProofKind, { readonly running: string; readonly unit: string }> = {
  reconcile: { running: "Everything is being checked.", unit: "checks" },
  chain: { running: "The chain is being computed anew.", unit: "rows" },
};

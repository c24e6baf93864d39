import { euros } from "../../components/money.tsx";
import { Notice } from "../../components/notice.tsx";
import { ProgressWords } from "../../components/progress-words.tsx";
import { StuckNotice } from "../../components/stuck-notice.tsx";
import type { TopUp } from "./top-up-flow.ts";
import { useWallet } from "./use-wallet.ts";

/** How far the latest top-up is, and what became of it. */
export function TopUpNews({ topUp, onSignIn }: { topUp: TopUp; onSignIn: () => void }) {
  const { progress, held, outcome, pending, choices } = topUp;
  // Of the wallet as it is by now: other tabs may buy meanwhile.
  const balanceCents = useWallet(outcome?.intent.userId).data?.balanceCents;
  return (
    <>
      <div role="status" className="font-medium not-empty:mt-3">
        <ProgressWords what="top-up" isPending={pending !== undefined} progress={progress} />
        {outcome?.kind === "decided" && !pending && (
          <Notice tone="good" title={`${euros(outcome.result.amountCents)} was added.`}>
            Your wallet now holds {euros(balanceCents ?? outcome.result.balanceCents)}.
          </Notice>
        )}
      </div>
      {held && <StuckNotice what="top-up" held={held} choices={choices} onSignIn={onSignIn} />}
      {outcome?.kind === "failed" && !pending && (
        <Notice tone="bad" title="That did not work" className="mt-3">
          {outcome.message}
        </Notice>
      )}
    </>
  );
}

import type { PurchaseResult } from "../../../../shared/purchases.ts";
import type { Wallet } from "../../../../shared/wallets.ts";
import type { IntentView } from "../../app/use-intent.ts";
import { Notice } from "../../components/notice.tsx";
import { ShortNotice } from "../../components/short-notice.tsx";
import { StuckNotice } from "../../components/stuck-notice.tsx";
import { UndoneNotice } from "../../components/undone-notice.tsx";
import type { PurchaseWish } from "./purchase-flow.ts";
import { Receipt } from "./receipt.tsx";
import { refusalWords } from "./refusal-words.ts";

/** What became of the last click: a receipt, or in words why not and what to do. */
export function OutcomeView(props: OutcomeViewProps) {
  const { outcome, held, choices, dismiss } = props.buying;
  if (held) return <StuckNotice what="purchase" held={held} choices={choices} onSignIn={props.onSignIn} />;
  if (!outcome) return null;
  if (outcome.kind !== "decided") return <UndoneNotice outcome={outcome} pressed="Buy" done="bought" />;
  const { result, intent } = outcome;
  return result.outcome === "purchased" ? (
    <Receipt itemName={props.itemName} currency={props.currency} purchase={result} onDismiss={dismiss} />
  ) : (
    <RefusalNotice {...props} refusal={result} quantity={intent.quantity} />
  );
}

function RefusalNotice({ refusal, quantity, ...props }: RefusalNoticeProps) {
  if (refusal.code === "INSUFFICIENT_BALANCE") {
    const { priceCents, wallet, onTopUp, buying } = props;
    return (
      <ShortNotice
        costCents={priceCents * quantity}
        wallet={wallet}
        message={refusal.message}
        className="mt-3"
        onTopUp={onTopUp}
        onCovered={buying.dismiss}
      />
    );
  }
  const { title, text } = refusalWords({ ...refusal, startsAt: props.startsAt });
  return (
    <Notice tone="bad" title={title} className="mt-3">
      {text}
    </Notice>
  );
}

interface RefusalNoticeProps extends OutcomeViewProps {
  readonly refusal: Refusal;
  readonly quantity: number;
}

type Refusal = Extract<PurchaseResult, { outcome: "refused" }>;

interface OutcomeViewProps {
  readonly itemName: string;
  readonly priceCents: number;
  readonly wallet: Wallet | undefined;
  readonly currency: string;
  readonly startsAt: string;
  readonly buying: IntentView<PurchaseWish, PurchaseResult>;
  readonly onTopUp: (missingCents: number) => void;
  readonly onSignIn: () => void;
}

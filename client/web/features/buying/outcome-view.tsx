import type { Wallet } from "../../../../shared/wallets.ts";
import type { Held } from "../../app/intent-runner.ts";
import type { Choices } from "../../app/use-intent-runner.ts";
import { Notice } from "../../components/notice.tsx";
import { ShortNotice } from "../../components/short-notice.tsx";
import { StuckNotice } from "../../components/stuck-notice.tsx";
import type { Outcome } from "./outcome.ts";
import { Receipt } from "./receipt.tsx";
import { refusalWords } from "./refusal-words.ts";

/** What became of the last click: a receipt, or in words why not and what to do. */
export function OutcomeView(props: OutcomeViewProps) {
  const { outcome, held } = props;
  if (held) return <StuckNotice what="purchase" held={held} choices={props.choices} onSignIn={props.onSignIn} />;
  if (!outcome) return null;
  switch (outcome.kind) {
    case "lapsed":
      return (
        <Notice tone="plain" title="An earlier try did not reach the shop" className="mt-3">
          You pressed Buy some time ago and the connection was lost. Nothing was bought and nothing charged.
        </Notice>
      );
    case "failed":
      return (
        <Notice tone="bad" title="That did not work" className="mt-3">
          {outcome.message} Nothing was charged.
        </Notice>
      );
    case "decided":
      return outcome.result.outcome === "purchased" ? (
        <Receipt
          itemName={props.itemName}
          currency={props.currency}
          purchase={outcome.result}
          onDismiss={props.onDismiss}
        />
      ) : (
        <RefusalNotice {...props} refusal={outcome.result} quantity={outcome.intent.quantity} />
      );
    default:
      return outcome satisfies never;
  }
}

function RefusalNotice({ refusal, quantity, ...props }: RefusalNoticeProps) {
  if (refusal.code === "INSUFFICIENT_BALANCE") {
    const { priceCents, wallet, onTopUp, onDismiss } = props;
    return (
      <ShortNotice
        costCents={priceCents * quantity}
        wallet={wallet}
        message={refusal.message}
        className="mt-3"
        onTopUp={onTopUp}
        onCovered={onDismiss}
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

type Refusal = Extract<Extract<Outcome, { kind: "decided" }>["result"], { outcome: "refused" }>;

interface OutcomeViewProps {
  readonly itemName: string;
  readonly priceCents: number;
  readonly wallet: Wallet | undefined;
  readonly currency: string;
  readonly startsAt: string;
  readonly outcome: Outcome | undefined;
  readonly held: Held | undefined;
  readonly choices: Choices;
  readonly onTopUp: (missingCents: number) => void;
  readonly onSignIn: () => void;
  readonly onDismiss: () => void;
}

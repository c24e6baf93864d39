import type { DoorbusterError } from "../../../sdk/index.ts";
import { Button } from "../../components/button.tsx";
import { Notice } from "../../components/notice.tsx";
import type { Outcome } from "./outcomes.ts";
import { Receipt } from "./receipt.tsx";
import { refusalWords } from "./refusal-words.ts";

/** What became of the last click: a receipt, or in words why not and what to do. */
export function OutcomeView(props: OutcomeViewProps) {
  const { outcome, stuck } = props;
  if (stuck) return <StuckNotice {...props} error={stuck} />;
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
        <RefusalNotice {...props} refusal={outcome.result} />
      );
    default:
      return outcome satisfies never;
  }
}

function RefusalNotice({ refusal, startsAt, onTopUp }: OutcomeViewProps & { refusal: Refusal }) {
  const { title, text, offer } = refusalWords({ ...refusal, startsAt });
  return (
    <Notice
      tone="bad"
      title={title}
      className="mt-3"
      actions={offer === "top-up" ? <Button onClick={onTopUp}>Top up wallet</Button> : undefined}
    >
      {text}
    </Notice>
  );
}

function StuckNotice({ error, onTryAgain, onSignIn }: OutcomeViewProps & { error: DoorbusterError }) {
  if (error.code === "UNAUTHENTICATED") {
    return (
      <Notice
        tone="bad"
        title="You have been signed out"
        className="mt-3"
        actions={
          <>
            <Button onClick={onSignIn}>Sign in</Button>
            <Button look="plain" onClick={onTryAgain}>
              Try again
            </Button>
          </>
        }
      >
        Your purchase is kept, and goes on when you have signed in again. It is never charged twice.
      </Notice>
    );
  }
  const isOwnFailure = error.code === "INTERNAL";
  return (
    <Notice
      tone="bad"
      title={isOwnFailure ? "The shop had a problem" : "Your purchase is not settled"}
      className="mt-3"
      actions={<Button onClick={onTryAgain}>Try again</Button>}
    >
      {!isOwnFailure && `${error.message} `}It is not yet known whether you got it. Trying again finds out, and never
      charges twice.
      {error.requestId !== undefined && (
        <span className="mt-1 block text-sm text-muted">Reference {error.requestId}</span>
      )}
    </Notice>
  );
}

type Refusal = Extract<Extract<Outcome, { kind: "decided" }>["result"], { outcome: "refused" }>;

interface OutcomeViewProps {
  readonly itemName: string;
  readonly currency: string;
  readonly startsAt: string;
  readonly outcome: Outcome | undefined;
  readonly stuck: DoorbusterError | undefined;
  readonly onTopUp: () => void;
  readonly onSignIn: () => void;
  readonly onTryAgain: () => void;
  readonly onDismiss: () => void;
}

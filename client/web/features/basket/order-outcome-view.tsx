import { Link } from "@tanstack/react-router";
import type { Wallet } from "../../../../shared/wallets.ts";
import type { Held } from "../../app/intent-runner.ts";
import type { Choices } from "../../app/use-intent-runner.ts";
import { buttonLook } from "../../components/button.tsx";
import { Notice } from "../../components/notice.tsx";
import { ShortNotice } from "../../components/short-notice.tsx";
import { StuckNotice } from "../../components/stuck-notice.tsx";
import type { LineState } from "./line-states.ts";
import type { OrderOutcome, RefusedOrder } from "./order-outcome.ts";
import { OrderProblems, openProblems } from "./order-problems.tsx";
import { orderRefusalWords } from "./order-refusal-words.ts";

/** Why the last click on Pay did not become an order, and what to do. An order has a receipt of its own. */
export function OrderOutcomeView({ states, outcome, held, ...props }: OrderOutcomeViewProps) {
  const { onSignIn, choices, onMended } = props;
  if (held) return <StuckNotice what="order" held={held} choices={choices} onSignIn={onSignIn} />;
  if (!outcome) return null;
  switch (outcome.kind) {
    case "lapsed":
      return (
        <Notice tone="plain" title="An earlier try did not reach the shop" className="mt-4">
          You pressed Pay some time ago and the connection was lost. Nothing was ordered and nothing charged.
        </Notice>
      );
    case "failed":
      return (
        <Notice tone="bad" title="That did not work" className="mt-4">
          {outcome.message} Nothing was charged.
        </Notice>
      );
    case "decided":
      if (outcome.result.outcome === "refused" && outcome.result.code === "INSUFFICIENT_BALANCE") {
        return (
          <ShortNotice
            costCents={outcome.intent.shownCents}
            wallet={props.wallet}
            message={outcome.result.message}
            className="mt-4"
            onTopUp={props.onTopUp}
            onCovered={props.onDismiss}
          />
        );
      }
      return outcome.result.outcome === "refused" ? (
        <Refusal refusal={outcome.result} states={states} onMended={onMended} />
      ) : null;
    default:
      return outcome satisfies never;
  }
}

function Refusal({ refusal, states, onMended }: RefusalProps) {
  const { title, text, offer } = orderRefusalWords(refusal);
  const problems = openProblems(refusal, states);
  // The buyer has mended the basket: what was wrong with it before is no longer news.
  if (refusal.problems.length > 0 && problems.length === 0) return null;
  return (
    <Notice
      tone="bad"
      title={title}
      className="mt-4"
      actions={
        offer === "orders" ? (
          <Link to="/purchases" className={buttonLook("plain")}>
            Your orders
          </Link>
        ) : undefined
      }
    >
      {text}
      <OrderProblems problems={problems} onMended={onMended} />
    </Notice>
  );
}

interface RefusalProps {
  readonly refusal: RefusedOrder;
  readonly states: readonly LineState[];
  readonly onMended: () => void;
}

interface OrderOutcomeViewProps {
  readonly states: readonly LineState[];
  readonly outcome: OrderOutcome | undefined;
  readonly held: Held | undefined;
  readonly choices: Choices;
  readonly wallet: Wallet | undefined;
  readonly onTopUp: (missingCents: number) => void;
  readonly onDismiss: () => void;
  readonly onSignIn: () => void;
  /** A button of these was pressed and is gone. */
  readonly onMended: () => void;
}

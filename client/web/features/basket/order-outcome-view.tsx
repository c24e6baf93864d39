import { Link } from "@tanstack/react-router";
import { ORDER_REFUSALS } from "../../../../shared/order-refusals.ts";
import type { Wallet } from "../../../../shared/wallets.ts";
import { buttonLook } from "../../components/button.tsx";
import { Notice } from "../../components/notice.tsx";
import { ShortNotice } from "../../components/short-notice.tsx";
import { StuckNotice } from "../../components/stuck-notice.tsx";
import { UndoneNotice } from "../../components/undone-notice.tsx";
import type { LineState } from "./line-states.ts";
import type { Checkout, RefusedOrder } from "./order-flow.ts";
import { OrderProblems, openProblems } from "./order-problems.tsx";

/** Why the last click on Pay did not become an order, and what to do. An order has a receipt of its own. */
export function OrderOutcomeView({ states, checkout, ...props }: OrderOutcomeViewProps) {
  const { outcome, held, choices, dismiss } = checkout;
  if (held) return <StuckNotice what="order" held={held} choices={choices} onSignIn={props.onSignIn} />;
  if (!outcome) return null;
  if (outcome.kind !== "decided") return <UndoneNotice outcome={outcome} pressed="Pay" done="ordered" />;
  const { result, intent } = outcome;
  if (result.outcome === "placed") return null;
  return result.code === "INSUFFICIENT_BALANCE" ? (
    <ShortNotice
      costCents={intent.shownCents}
      wallet={props.wallet}
      message={result.message}
      className="mt-4"
      onTopUp={props.onTopUp}
      onCovered={dismiss}
    />
  ) : (
    <Refusal refusal={result} states={states} onMended={props.onMended} />
  );
}

function Refusal({ refusal, states, onMended }: RefusalProps) {
  const { title, text } = ORDER_REFUSALS[refusal.code];
  const problems = openProblems(refusal, states);
  // The buyer has mended the basket: what was wrong with it before is no longer news.
  if (refusal.problems.length > 0 && problems.length === 0) return null;
  return (
    <Notice
      tone="bad"
      title={title}
      className="mt-4"
      actions={
        refusal.code === "REQUEST_ID_REUSED" ? (
          <Link to="/purchases" className={buttonLook("plain")}>
            Your orders
          </Link>
        ) : undefined
      }
    >
      {text.replace("{message}", () => refusal.message)}
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
  readonly checkout: Checkout;
  readonly wallet: Wallet | undefined;
  readonly onTopUp: (missingCents: number) => void;
  readonly onSignIn: () => void;
  /** A button of these was pressed and is gone. */
  readonly onMended: () => void;
}

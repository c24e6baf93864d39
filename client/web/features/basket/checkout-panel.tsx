import type { FormEvent } from "react";
import type { Wallet } from "../../../../shared/wallets.ts";
import { useFocusOnOutcome } from "../../app/use-focus-on-outcome.ts";
import { useOnceIdentified } from "../../app/use-once-identified.ts";
import { Button } from "../../components/button.tsx";
import { Money } from "../../components/money.tsx";
import { ProgressWords } from "../../components/progress-words.tsx";
import { type LineState, totalCents } from "./line-states.ts";
import type { Checkout } from "./order-flow.ts";
import { OrderOutcomeView } from "./order-outcome-view.tsx";
import { basketStore } from "./use-basket.ts";

/** What the basket costs, and the one button that orders it. */
export function CheckoutPanel({ states, checkout, wallet, userId, onSignIn, onTopUp }: CheckoutPanelProps) {
  const { pending, progress, held, outcome } = checkout;
  const shownCents = pending ? pending.shownCents : totalCents(states);
  const { isWaiting, ask } = useOnceIdentified({
    userId,
    onBuyer: (cents: number) => pay(checkout, cents),
    onVisitor: onSignIn,
  });
  const isStuck = held !== undefined;
  const isBusy = (pending !== undefined && !isStuck) || isWaiting;
  const obstacle = obstacleWords(states);
  const panel = useFocusOnOutcome(outcome !== undefined && pending === undefined);

  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (!isBusy && obstacle === null) ask(shownCents);
  };
  return (
    <section
      ref={panel}
      tabIndex={-1}
      aria-label="Summary"
      className="h-fit rounded-xl bg-surface p-5 ring-1 ring-line outline-offset-4 sm:p-6 lg:sticky lg:top-6"
    >
      <Sums totalCents={shownCents} units={unitsIn(states)} wallet={wallet} onTopUp={onTopUp} />
      {!isStuck && (
        <form onSubmit={submit} className="mt-5">
          <Button type="submit" busy={isBusy} disabled={obstacle !== null} className="min-h-12 w-full text-lg">
            {isBusy ? (
              <span>
                Paying<span aria-hidden="true">…</span>
              </span>
            ) : userId === null ? (
              "Sign in to pay"
            ) : (
              <>
                <span>Pay</span> <Money cents={shownCents} />
              </>
            )}
          </Button>
        </form>
      )}
      <p role="status" className="text-[0.95rem] leading-snug font-medium not-empty:mt-3">
        {pending === undefined && obstacle !== null ? (
          obstacle
        ) : (
          <ProgressWords what="order" isPending={isBusy} progress={progress} />
        )}
      </p>
      {(pending === undefined || isStuck) && (
        <OrderOutcomeView
          states={states}
          checkout={checkout}
          wallet={wallet}
          onTopUp={onTopUp}
          onSignIn={onSignIn}
          onMended={() => panel.current?.focus()}
        />
      )}
    </section>
  );
}

function pay(checkout: Checkout, shownCents: number): void {
  const { key, lines } = basketStore.read();
  if (lines.length === 0) return;
  checkout.submit({ lines: lines.map(({ productId, quantity }) => ({ productId, quantity })), shownCents }, key);
}

function Sums({ totalCents: cents, units, wallet, onTopUp }: SumsProps) {
  const leftCents = wallet && wallet.balanceCents - cents;
  return (
    <dl className="figures grid gap-y-2">
      <div className={SUM}>
        <dt className="text-lg font-bold narrow">
          Total <span className="text-base font-normal text-muted">({units === 1 ? "1 unit" : `${units} units`})</span>
        </dt>
        <dd aria-live="polite" className="poster text-3xl">
          <Money cents={cents} />
        </dd>
      </div>
      {wallet && leftCents !== undefined && (
        <>
          <div className={`${SUM} mt-2 border-t border-line pt-3.5`}>
            <dt className="text-muted">In your wallet</dt>
            <dd className="font-semibold">
              <Money cents={wallet.balanceCents} currency={wallet.currency} />
            </dd>
          </div>
          {leftCents >= 0 ? (
            <div className={SUM}>
              <dt className="text-muted">Left after this order</dt>
              <dd className="font-semibold">
                <Money cents={leftCents} currency={wallet.currency} />
              </dd>
            </div>
          ) : (
            <div className={`${SUM} font-semibold text-hot`}>
              <dt>
                Missing
                {wallet.canTopUp && (
                  <>
                    {" · "}
                    <button
                      type="button"
                      onClick={() => onTopUp(-leftCents)}
                      className="underline decoration-2 underline-offset-4"
                    >
                      Top up
                    </button>
                  </>
                )}
              </dt>
              <dd>
                <Money cents={-leftCents} currency={wallet.currency} />
              </dd>
            </div>
          )}
        </>
      )}
    </dl>
  );
}

interface SumsProps {
  readonly totalCents: number;
  readonly units: number;
  readonly wallet: Wallet | undefined;
  readonly onTopUp: (missingCents: number) => void;
}

const SUM = "flex items-baseline justify-between gap-x-4";

/** Why the basket cannot be ordered as it is; null when the shop may decide. */
function obstacleWords(states: readonly LineState[]): string | null {
  if (states.some(({ state }) => state === "unchecked")) return "Checking prices and stock…";
  if (states.some(({ state }) => state === "gone")) return "Remove what is no longer for sale to go on.";
  return null;
}

function unitsIn(states: readonly LineState[]): number {
  return states.filter(({ state }) => state !== "gone").reduce((sum, { line }) => sum + line.quantity, 0);
}

interface CheckoutPanelProps {
  readonly states: readonly LineState[];
  readonly checkout: Checkout;
  /** undefined for a visitor, and until it is known. */
  readonly wallet: Wallet | undefined;
  /** null for a visitor, undefined until it is known who is here. */
  readonly userId: string | null | undefined;
  readonly onSignIn: () => void;
  /** Given what is missing. */
  readonly onTopUp: (missingCents: number) => void;
}

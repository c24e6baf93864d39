import { type FormEvent, useState } from "react";
import type { Wallet } from "../../../../shared/wallets.ts";
import { useSession } from "../../app/session.ts";
import { useFocusOnOutcome } from "../../app/use-focus-on-outcome.ts";
import { useIntent } from "../../app/use-intent.ts";
import { useOnceIdentified } from "../../app/use-once-identified.ts";
import { Button } from "../../components/button.tsx";
import { Money } from "../../components/money.tsx";
import { ProgressWords } from "../../components/progress-words.tsx";
import { type Availability, CLOSED_WORDS, quantityChoices } from "./availability.ts";
import { OutcomeView } from "./outcome-view.tsx";
import { purchaseFlow } from "./purchase-flow.ts";

/** What a buyer can do with an item, and what became of it. */
export function BuyPanel({ item, saleLimit, currency, availability, startsAt, userId, ...props }: BuyPanelProps) {
  const { wallet, onSignIn, onTopUp } = props;
  const buying = useIntent(purchaseFlow, item.id, useSession()?.ownerId);
  const { pending, progress, held, outcome } = buying;
  const quantities = quantityChoices({ ...item, saleLimit });
  const [chosen, setChosen] = useState(1);
  const quantity = Math.min(chosen, quantities.length);
  const { isWaiting, ask } = useOnceIdentified({
    userId,
    onBuyer: (units: number) =>
      buying.submit({
        itemId: item.id,
        quantity: units,
        itemName: item.name,
        shownCents: item.priceCents * units,
      }),
    onVisitor: onSignIn,
  });
  const isStuck = held !== undefined;
  const isBusy = (pending !== undefined && !isStuck) || isWaiting;
  const isBought = outcome?.kind === "decided" && outcome.result.outcome === "purchased" && pending === undefined;
  const bottom = useFocusOnOutcome(outcome !== undefined && pending === undefined);

  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (!isBusy) ask(quantity);
  };

  return (
    <div
      ref={bottom}
      tabIndex={-1}
      data-news={isBusy || isStuck || outcome !== undefined || undefined}
      className="outline-offset-4"
    >
      {isBusy || (availability === "open" && !isBought && !isStuck) ? (
        <form onSubmit={submit} className="flex gap-2">
          {quantities.length > 1 && (
            <select
              aria-label={`Quantity of ${item.name}`}
              value={pending?.quantity ?? quantity}
              disabled={isBusy}
              onChange={(event) => setChosen(Number(event.target.value))}
              className="figures min-h-12 rounded-md border border-edge bg-surface pr-2 pl-3 font-semibold disabled:text-muted"
            >
              {quantities.map((choice) => (
                <option key={choice} value={choice}>
                  {choice}
                </option>
              ))}
            </select>
          )}
          <Button type="submit" busy={isBusy} className="min-h-12 grow text-lg">
            <span>
              {isBusy ? "Buying" : "Buy"}
              <span className="sr-only"> {item.name}</span>
              {isBusy && <span aria-hidden="true">…</span>}
            </span>
            {!isBusy && quantity > 1 && (
              <span aria-hidden="true" className="font-normal">
                <Money cents={item.priceCents * quantity} currency={currency} />
              </span>
            )}
          </Button>
        </form>
      ) : (
        !isBought &&
        !isStuck &&
        availability !== "open" && (
          <p className="flex min-h-12 items-center justify-center rounded-md bg-sunken px-4 font-semibold text-muted narrow">
            {CLOSED_WORDS[availability]}
          </p>
        )
      )}
      <p role="status" className="text-[0.95rem] leading-snug font-medium not-empty:not-has-[span]:mt-2">
        {isBought ? (
          <span className="sr-only">{item.name} is yours.</span>
        ) : (
          <ProgressWords what="purchase" isPending={isBusy} progress={progress} />
        )}
      </p>
      {pending === undefined || isStuck ? (
        <OutcomeView
          itemName={item.name}
          priceCents={item.priceCents}
          wallet={wallet}
          currency={currency}
          startsAt={startsAt}
          buying={buying}
          onTopUp={onTopUp}
          onSignIn={onSignIn}
        />
      ) : null}
    </div>
  );
}

export interface BuyPanelProps {
  readonly item: {
    readonly id: number;
    readonly name: string;
    readonly priceCents: number;
    readonly limitPerCustomer: number | null;
    readonly remaining: number;
  };
  /** Units that one buyer may have over all items of the sale. */
  readonly saleLimit: number | null;
  readonly currency: string;
  readonly availability: Availability;
  /** When the sale starts, in words. */
  readonly startsAt: string;
  /** null for a visitor, undefined until it is known who is here. */
  readonly userId: string | null | undefined;
  /** undefined for a visitor, and until it is known. */
  readonly wallet: Wallet | undefined;
  readonly onSignIn: () => void;
  readonly onTopUp: (missingCents: number) => void;
}

import { type FormEvent, useEffect, useRef, useState } from "react";
import { Button } from "../../components/button.tsx";
import { Money } from "../../components/money.tsx";
import { type Availability, CLOSED_WORDS, quantityChoices } from "./availability.ts";
import { OutcomeView } from "./outcome-view.tsx";
import { ProgressWords } from "./progress-words.tsx";
import { useBuying } from "./use-buying.ts";

/** What a buyer can do with an item, and what became of it. */
export function BuyPanel({ item, currency, availability, startsAt, userId, onSignIn, onTopUp }: BuyPanelProps) {
  const { pending, progress, outcome, buy, tryAgain, dismiss } = useBuying({
    itemId: item.id,
    userId: userId ?? undefined,
  });
  const choices = quantityChoices(item);
  const [chosen, setChosen] = useState(1);
  const quantity = Math.min(chosen, choices.length);
  const { isWaiting, ask } = useOnceIdentified({ userId, onBuyer: buy, onVisitor: onSignIn });
  const isStuck = progress?.phase === "stuck";
  const isBusy = (pending !== undefined && !isStuck) || isWaiting;
  const isBought = outcome?.kind === "decided" && outcome.result.outcome === "purchased" && pending === undefined;
  const bottom = useFocusOnOutcome(outcome !== undefined && pending === undefined);

  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (!isBusy) ask(quantity);
  };

  return (
    <div ref={bottom} tabIndex={-1} className="outline-offset-4">
      {isBusy || (availability === "open" && !isBought && !isStuck) ? (
        <form onSubmit={submit} className="flex gap-2">
          {choices.length > 1 && (
            <select
              aria-label={`Quantity of ${item.name}`}
              value={pending?.quantity ?? quantity}
              disabled={isBusy}
              onChange={(event) => setChosen(Number(event.target.value))}
              className="figures min-h-12 rounded-md border border-edge bg-surface pr-2 pl-3 font-semibold disabled:text-muted"
            >
              {choices.map((choice) => (
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
          <ProgressWords isPending={pending !== undefined} progress={progress} />
        )}
      </p>
      {pending === undefined || isStuck ? (
        <OutcomeView
          itemName={item.name}
          currency={currency}
          startsAt={startsAt}
          outcome={outcome}
          stuck={progress?.phase === "stuck" ? progress.error : undefined}
          onTopUp={onTopUp}
          onSignIn={onSignIn}
          onTryAgain={tryAgain}
          onDismiss={dismiss}
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
  readonly currency: string;
  readonly availability: Availability;
  /** When the sale starts, in words. */
  readonly startsAt: string;
  /** null for a visitor, undefined until it is known who is here. */
  readonly userId: string | null | undefined;
  readonly onSignIn: () => void;
  readonly onTopUp: () => void;
}

/** A click before it is known who is here counts as soon as it is. */
function useOnceIdentified({ userId, onBuyer, onVisitor }: Identification) {
  const [waitingFor, setWaitingFor] = useState<number | null>(null);
  const ask = (quantity: number) => {
    if (userId === undefined) setWaitingFor(quantity);
    else if (userId === null) onVisitor();
    else onBuyer(quantity);
  };
  useEffect(() => {
    if (waitingFor === null || userId === undefined) return;
    setWaitingFor(null);
    if (userId === null) onVisitor();
    else onBuyer(waitingFor);
  }, [waitingFor, userId, onBuyer, onVisitor]);
  return { isWaiting: waitingFor !== null, ask };
}

interface Identification {
  readonly userId: string | null | undefined;
  readonly onBuyer: (quantity: number) => void;
  readonly onVisitor: () => void;
}

/** A button that is disabled or gone loses the focus; who pressed it by keyboard goes on where it was, at the answer. */
function useFocusOnOutcome(isShown: boolean) {
  const ref = useRef<HTMLDivElement>(null);
  const wasShown = useRef(isShown);
  useEffect(() => {
    const isChanged = isShown !== wasShown.current;
    wasShown.current = isShown;
    const { activeElement } = document;
    const isFocusLost = activeElement === document.body || ref.current?.contains(activeElement);
    if (!isChanged || !isFocusLost) return;
    ref.current?.focus({ preventScroll: true });
    ref.current?.scrollIntoView({ block: "nearest" });
  }, [isShown]);
  return ref;
}

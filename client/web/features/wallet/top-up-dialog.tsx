import { type FormEvent, useRef, useState } from "react";
import { parseAmountCents } from "../../app/amount.ts";
import { useIntent } from "../../app/use-intent.ts";
import { Button } from "../../components/button.tsx";
import { Dialog } from "../../components/dialog.tsx";
import { euros } from "../../components/money.tsx";
import { TextField } from "../../components/text-field.tsx";
import { proposedAmounts, TOP_UP_CENTS_MAX } from "./proposal.ts";
import { type TopUp, topUpFlow } from "./top-up-flow.ts";
import { TopUpNews } from "./top-up-news.tsx";

/** Puts money into the wallet: a choice of amounts, or one's own. */
export function TopUpDialog({ userId, missingCents = 0, isOpen, onClose, ...props }: TopUpDialogProps) {
  const { onSignIn, focusAfter } = props;
  const topUp = useIntent(topUpFlow, userId, userId);
  const content = useRef<HTMLDivElement>(null);
  const close = () => {
    topUp.dismiss();
    onClose();
  };
  return (
    <Dialog
      title="Top up your wallet"
      description={`${missingCents > 0 ? `${euros(missingCents)} are missing for what you want to buy. ` : ""}The money is there at once. Pressing twice adds it once.`}
      isOpen={isOpen}
      onClose={close}
      focusFirst={() => content.current?.querySelector<HTMLElement>("input:checked") ?? null}
      focusAfter={focusAfter}
    >
      <div ref={content}>
        {topUp.outcome?.kind === "decided" && !topUp.pending ? (
          <>
            <TopUpNews topUp={topUp} onSignIn={onSignIn} />
            <Button ref={takeFocus} onClick={close} className="mt-5 min-h-12 w-full text-lg">
              {missingCents > 0 ? "Back to the purchase" : "Done"}
            </Button>
          </>
        ) : (
          <TopUpForm topUp={topUp} missingCents={missingCents} onSignIn={onSignIn} />
        )}
      </div>
    </Dialog>
  );
}

interface TopUpDialogProps {
  readonly userId: string;
  /** For what the buyer was about to buy. */
  readonly missingCents?: number | undefined;
  readonly isOpen: boolean;
  readonly onClose: () => void;
  readonly onSignIn: () => void;
  /** Where the buyer goes on when what opened it is gone. */
  readonly focusAfter?: () => HTMLElement | null;
}

/** The button that was pressed is gone. */
function takeFocus(button: HTMLElement | null): void {
  button?.focus();
}

function TopUpForm({ topUp, missingCents, onSignIn }: TopUpFormProps) {
  // As it was when the dialog was opened: a choice is not changed under the buyer's hand.
  const [{ amountsCents, chosenCents }] = useState(() => proposedAmounts(missingCents));
  const [choice, setChoice] = useState<number | "other">(chosenCents);
  const [other, setOther] = useState("");
  const [isChecked, setChecked] = useState(false);
  const amountCents = choice === "other" ? parseAmountCents(other, TOP_UP_CENTS_MAX) : choice;
  const submit = (event: FormEvent) => {
    event.preventDefault();
    setChecked(true);
    if (amountCents !== undefined) topUp.submit({ amountCents });
  };
  return (
    <form onSubmit={submit} noValidate>
      <fieldset className="grid grid-cols-2 gap-2">
        <legend className="sr-only">Amount</legend>
        {amountsCents.map((cents) => (
          <Choice key={cents} label={euros(cents)} isChosen={choice === cents} onChoose={() => setChoice(cents)} />
        ))}
        <div className="col-span-2">
          <Choice label="Another amount" isChosen={choice === "other"} onChoose={() => setChoice("other")} />
        </div>
      </fieldset>
      {choice === "other" && (
        <div className="mt-4">
          <TextField
            label="Other amount"
            name="amount"
            inputMode="decimal"
            autoComplete="off"
            placeholder="49.90"
            onChange={(event) => setOther(event.target.value)}
            error={
              isChecked && amountCents === undefined
                ? "Please enter an amount from €0.01 to €10,000, such as 49.90."
                : undefined
            }
          />
        </div>
      )}
      <Button type="submit" busy={topUp.pending !== undefined && !topUp.held} className="mt-5 min-h-12 w-full text-lg">
        {topUp.pending
          ? `Adding ${euros(topUp.pending.amountCents)}`
          : amountCents === undefined
            ? "Add money"
            : `Add ${euros(amountCents)}`}
      </Button>
      <TopUpNews topUp={topUp} onSignIn={onSignIn} />
    </form>
  );
}

function Choice({ label, isChosen, onChoose }: { label: string; isChosen: boolean; onChoose: () => void }) {
  return (
    <label className="figures flex min-h-12 cursor-pointer items-center justify-center rounded-md border border-edge px-3 text-lg font-semibold narrow has-checked:border-flag-ink has-checked:bg-flag has-checked:text-flag-ink has-focus-visible:outline-3 has-focus-visible:outline-offset-3 has-focus-visible:outline-ink">
      <input type="radio" name="choice" checked={isChosen} onChange={onChoose} className="sr-only" />
      {label}
    </label>
  );
}

interface TopUpFormProps {
  readonly topUp: TopUp;
  readonly missingCents: number;
  readonly onSignIn: () => void;
}

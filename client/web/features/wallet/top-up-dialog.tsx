import { type FormEvent, useState } from "react";
import { formatMoney } from "../../../../shared/money.ts";
import { useIsOffline } from "../../app/connection.ts";
import { retryWords } from "../../app/retry-words.ts";
import { Button } from "../../components/button.tsx";
import { Dialog } from "../../components/dialog.tsx";
import { LOCALE } from "../../components/money.tsx";
import { Notice } from "../../components/notice.tsx";
import { TextField } from "../../components/text-field.tsx";
import { parseAmountCents } from "./amount.ts";
import { type TopUp, useTopUp } from "./use-top-up.ts";

/** Puts money into the wallet: a choice of amounts, or one's own. */
export function TopUpDialog({ userId, isOpen, onClose }: { userId: string; isOpen: boolean; onClose: () => void }) {
  return (
    <Dialog
      title="Top up your wallet"
      description="The money is there at once. Pressing twice adds it once."
      isOpen={isOpen}
      onClose={onClose}
    >
      <TopUpForm userId={userId} onClose={onClose} />
    </Dialog>
  );
}

function TopUpForm({ userId, onClose }: { userId: string; onClose: () => void }) {
  const topUp = useTopUp(userId);
  const [choice, setChoice] = useState<number | "other">(5_000);
  const [other, setOther] = useState("");
  const [isChecked, setChecked] = useState(false);
  const amountCents = choice === "other" ? parseAmountCents(other) : choice;
  const isStuck = topUp.progress?.phase === "stuck";
  const submit = (event: FormEvent) => {
    event.preventDefault();
    setChecked(true);
    if (amountCents !== undefined) topUp.add(amountCents);
  };
  if (topUp.outcome?.kind === "added" && !topUp.pending) return <Added topUp={topUp} onClose={onClose} />;
  return (
    <form onSubmit={submit} noValidate>
      <fieldset className="grid grid-cols-2 gap-2">
        <legend className="sr-only">Amount</legend>
        {AMOUNTS_CENTS.map((cents) => (
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
      <Button type="submit" busy={topUp.pending !== undefined && !isStuck} className="mt-5 min-h-12 w-full text-lg">
        {topUp.pending
          ? `Adding ${euros(topUp.pending.amountCents)}`
          : amountCents === undefined
            ? "Add money"
            : `Add ${euros(amountCents)}`}
      </Button>
      <TopUpProgress topUp={topUp} />
    </form>
  );
}

function Added({ topUp, onClose }: { topUp: TopUp; onClose: () => void }) {
  if (topUp.outcome?.kind !== "added") return null;
  const { amountCents, balanceCents } = topUp.outcome.result;
  return (
    <>
      <div role="status">
        <Notice tone="good" title={`${euros(amountCents)} was added.`}>
          Your wallet now holds {euros(balanceCents)}.
        </Notice>
      </div>
      <Button onClick={onClose} className="mt-5 min-h-12 w-full text-lg">
        Done
      </Button>
    </>
  );
}

function TopUpProgress({ topUp: { progress, outcome, pending, tryAgain } }: { topUp: TopUp }) {
  const isOffline = useIsOffline();
  const waiting =
    pending && isOffline
      ? "You are offline. Your top-up is kept, and goes on when you are back."
      : progress?.phase === "retrying" && retryWords(progress);
  return (
    <>
      <p role="status" className="font-medium not-empty:mt-3">
        {waiting}
      </p>
      {progress?.phase === "stuck" && (
        <Notice
          tone="bad"
          title="That did not go through yet"
          className="mt-3"
          actions={<Button onClick={tryAgain}>Try again</Button>}
        >
          {progress.error.message}
          {progress.error.code !== "UNAUTHENTICATED" && " It is not yet known whether the money was added."} Trying
          again never adds it twice.
        </Notice>
      )}
      {outcome?.kind === "failed" && !pending && (
        <Notice tone="bad" title="That did not work" className="mt-3">
          {outcome.message}
        </Notice>
      )}
    </>
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

function euros(cents: number): string {
  return formatMoney(cents, undefined, LOCALE);
}

const AMOUNTS_CENTS = [2_500, 5_000, 10_000, 25_000] as const;

import { useMutation } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { PRICE_CENTS_MAX } from "../../../../../shared/money.ts";
import type { User } from "../../../../../shared/users.ts";
import { type CreditResult, creditReasonSchema } from "../../../../../shared/wallets.ts";
import { isUnknown } from "../../../app/action-words.ts";
import { parseAmountCents } from "../../../app/amount.ts";
import { doorbuster } from "../../../app/clients.ts";
import { Button } from "../../../components/button.tsx";
import { Dialog } from "../../../components/dialog.tsx";
import { euros } from "../../../components/money.tsx";
import { Notice } from "../../../components/notice.tsx";
import { TextField } from "../../../components/text-field.tsx";
import { MoneyField } from "../money-field.tsx";
import { useDraft } from "../use-draft.ts";
import { rereadPeople } from "./people-queries.ts";

/**
 * Puts money into somebody's wallet, once: what was typed is kept with the key that it is sent under, in all tabs of the
 * operator. Where no answer came, the same is sent again under that key, and cannot be changed before it is known what
 * became of it.
 */
export function CreditForm({ person, onDone }: CreditFormProps) {
  const draft = useDraft(`credit-${person.id}`, { isOfAllTabs: true });
  const [typed, setTyped] = useState<Typed>(() => ({ ...NOTHING, ...draft.read() }));
  const [isOpen, setOpen] = useState(() => draft.read() !== undefined);
  const [isChecked, setChecked] = useState(false);
  const keep = (fields: Partial<Typed>) => {
    if (crediting.isError) crediting.reset();
    const next = { ...typed, ...fields, key: typed.key || crypto.randomUUID() };
    setTyped(next);
    draft.keep({ ...next });
    return next;
  };
  const forget = () => {
    draft.drop();
    setTyped(NOTHING);
    setChecked(false);
  };
  const crediting = useMutation<CreditResult, Error, Credit>({
    mutationFn: (credit) => doorbuster.wallets.credit({ userId: person.id, ...credit }),
    onSuccess: async ({ amountCents, balanceCents }) => {
      forget();
      setOpen(false);
      await rereadPeople();
      onDone(`${euros(amountCents)} are in the wallet, which holds ${euros(balanceCents)} now.`);
    },
    onError: (error) => void (isUnknown(error) || keep({ isSent: "" })),
  });
  const amountCents = parseAmountCents(typed.amount, PRICE_CENTS_MAX);
  const reason = creditReasonSchema.safeParse(typed.reason);
  const isLocked = typed.isSent !== "";
  const submit = (event: FormEvent) => {
    event.preventDefault();
    setChecked(true);
    if (amountCents === undefined || !reason.success || crediting.isPending) return;
    const { key } = keep({ isSent: "yes" });
    crediting.mutate({ amountCents, reason: reason.data, idempotencyKey: key });
  };
  const open = () => {
    // Another tab may have sent one.
    setTyped({ ...NOTHING, ...draft.read() });
    setOpen(true);
  };
  const close = () => {
    // What may have been done stays, until it is known.
    if (!isLocked) forget();
    if (!crediting.isPending) crediting.reset();
    setOpen(false);
  };
  const { error } = crediting;
  return (
    <>
      <Button look="plain" aria-haspopup="dialog" onClick={open}>
        {isLocked && !isOpen ? "Credit: not known yet" : "Credit"}
      </Button>
      <Dialog
        title="Credit the wallet"
        description={`What you enter is added to the ${euros(person.balanceCents)} in ${person.name}’s wallet, once.`}
        isOpen={isOpen}
        onClose={close}
      >
        <form onSubmit={submit} noValidate className="grid gap-4">
          <MoneyField
            label="Amount"
            name="amount"
            placeholder="49.90"
            value={typed.amount}
            readOnly={isLocked}
            onChange={({ target }) => void keep({ amount: target.value })}
            error={
              isChecked && amountCents === undefined
                ? `Please enter an amount up to ${euros(PRICE_CENTS_MAX)}, such as 49.90.`
                : undefined
            }
          />
          <TextField
            label="Reason"
            name="reason"
            autoComplete="off"
            maxLength={200}
            value={typed.reason}
            readOnly={isLocked}
            hint="The buyer reads it beside the movement."
            onChange={({ target }) => void keep({ reason: target.value })}
            error={
              isChecked && !reason.success
                ? typed.reason.trim() === ""
                  ? "Please say why."
                  : "A reason is at most 200 characters that can be read."
                : undefined
            }
          />
          {isLocked && !crediting.isPending && (
            <Notice tone="bad" title="It is not known whether this was done">
              No answer came. Send it again to find out: it is the same credit, and is made once.
            </Notice>
          )}
          {error && !isUnknown(error) && !crediting.isPending && (
            <Notice tone="bad" title="Nothing was credited">
              {error.message}
            </Notice>
          )}
          {crediting.isPending && (
            <p className="text-sm text-muted">Until the shop answers it is sent again, for a minute at most.</p>
          )}
          <div className="flex flex-wrap gap-3">
            <Button type="submit" busy={crediting.isPending}>
              {isLocked && !crediting.isPending
                ? "Send it again"
                : amountCents === undefined
                  ? "Credit"
                  : `Credit ${euros(amountCents)}`}
            </Button>
            <Button look="plain" onClick={close}>
              {isLocked ? "Later" : "Leave it as it is"}
            </Button>
          </div>
        </form>
      </Dialog>
    </>
  );
}

const NOTHING: Typed = { amount: "", reason: "", key: "", isSent: "" };

interface Typed {
  readonly amount: string;
  readonly reason: string;
  readonly key: string;
  /** Empty until it was sent, and again when it is known that nothing was done. */
  readonly isSent: string;
}

interface Credit {
  readonly amountCents: number;
  readonly reason: string;
  readonly idempotencyKey: string;
}

interface CreditFormProps {
  readonly person: User;
  /** Told in words. */
  readonly onDone: (words: string) => void;
}

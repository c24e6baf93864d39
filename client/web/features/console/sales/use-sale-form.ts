import { useState } from "react";
import type { SaleDetails } from "../../../../../shared/sales.ts";
import { newIdempotencyKey } from "../../../../sdk/idempotency-key.ts";
import { useSessionUser } from "../../../app/session.ts";
import { differencesOf, goOnFrom } from "./difference.ts";
import { draftStorage, saleDraft } from "./sale-draft.ts";
import { emptyForm, formOf, isSameForm, type SaleForm } from "./sale-form.ts";
import { ownTimeZone } from "./zoned-time.ts";

/**
 * The form of a sale, kept while one types. Where somebody else changed the sale meanwhile, it says what, and goes on from
 * their state when it is told to; whoever has typed nothing sees their state at once.
 *
 * @param sale undefined for one that is to be planned
 * @param first what a new one begins with
 */
export function useSaleForm(sale: SaleDetails | undefined, first: SaleForm) {
  const timeZone = ownTimeZone();
  const userId = useSessionUser()?.id ?? "";
  const [draft] = useState(() => saleDraft(userId, sale?.id ?? "new", draftStorage()));
  const now = sale ? formOf(sale, timeZone) : first;
  const [kept, setKept] = useState(() => {
    const stored = draft.read();
    const state = stored ?? { base: now, form: now, edits: sale?.edits ?? 0, key: newIdempotencyKey() };
    return { state, isRestored: stored !== undefined };
  });
  const { base, form, edits, key } = kept.state;
  const isTouched = !isSameForm(form, base);
  const isStale = sale !== undefined && sale.edits !== edits;
  const goOn = (yours: SaleForm) => {
    const state = { base: now, form: yours, edits: sale?.edits ?? 0, key: newIdempotencyKey() };
    if (isSameForm(yours, now)) draft.drop();
    else draft.keep(state);
    setKept({ state, isRestored: false });
  };
  if (isStale && !isTouched) goOn(now);
  return {
    timeZone,
    base,
    form,
    edits,
    key,
    isTouched,
    /** It was typed before this page was opened. */
    isRestored: kept.isRestored && isTouched,
    differences: isStale && isTouched ? differencesOf({ base, theirs: now, yours: form }) : undefined,
    change(next: SaleForm) {
      const state = { ...kept.state, form: next };
      if (isSameForm(next, base)) draft.drop();
      else draft.keep(state);
      setKept({ ...kept, state });
    },
    /** With what one typed, where others changed the sale. */
    goOn: () => goOn(goOnFrom({ base, theirs: now, yours: form })),
    giveUp: () => goOn(now),
    /** A plan that is sent is kept with its key until it is answered, a copy in which nothing was changed too. */
    isSent: () => draft.keep({ ...kept.state, base: emptyForm() }),
    /** The shop has it now. */
    isSaved: () => draft.drop(),
    /** The state that the shop answered: nothing of it is left to be sent. */
    takeOver(saved: SaleDetails) {
      const state = { base: formOf(saved, timeZone), form: formOf(saved, timeZone), edits: saved.edits, key };
      draft.drop();
      setKept({ state, isRestored: false });
    },
  };
}

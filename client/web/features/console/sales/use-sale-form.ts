import { useEffect, useState } from "react";
import type { SaleDetails } from "../../../../../shared/sales.ts";
import { newIdempotencyKey } from "../../../../sdk/idempotency-key.ts";
import { useSessionUser } from "../../../app/session.ts";
import { differencesOf, goOnFrom } from "./difference.ts";
import { isAsAsked } from "./is-as-asked.ts";
import { draftStorage, type KeptForm, saleDraft } from "./sale-draft.ts";
import { emptyForm, formOf, isSameForm, type SaleForm } from "./sale-form.ts";
import { ownTimeZone } from "./zoned-time.ts";

/**
 * The form of a sale, kept while one types. Where somebody else changed the sale meanwhile, it says what, and goes on from
 * their state when it is told to; whoever has typed nothing, or just what the shop has by now, sees that at once.
 *
 * @param sale undefined for one that is to be planned
 * @param first what a new one begins with
 * @param copied the id of the sale that a new one is to be like
 */
export function useSaleForm(sale: SaleDetails | undefined, first: SaleForm, copied: number | undefined) {
  const timeZone = ownTimeZone();
  const userId = useSessionUser()?.id ?? "";
  const [draft] = useState(() => saleDraft(userId, sale?.id ?? (copied ? `copy-${copied}` : "new"), draftStorage()));
  const now = sale ? formOf(sale, timeZone) : first;
  const [kept, setKept] = useState<Kept>(() => {
    const stored = draft.read();
    const state = stored ?? { base: now, form: now, edits: sale?.edits ?? 0, key: newIdempotencyKey() };
    return { state, source: stored && "earlier" };
  });
  // One draft, in however many tabs: none of them overwrites what was typed in another.
  useEffect(() => draft.onKeptElsewhere((state) => setKept({ state, source: "other tab" })), [draft]);
  const { base, form, edits, key } = kept.state;
  const isTouched = !isSameForm(form, base);
  const isStale = sale !== undefined && sale.edits !== edits;
  const goOn = (yours: SaleForm, source?: "shop") => {
    const state = { base: now, form: yours, edits: sale?.edits ?? 0, key: newIdempotencyKey() };
    if (isSameForm(yours, now)) draft.drop();
    else draft.keep(state);
    setKept({ state, source });
  };
  if (isStale && !isTouched) goOn(now);
  else if (isStale && isAsAsked(form, now)) goOn(now, "shop");
  return {
    timeZone,
    base,
    form,
    edits,
    key,
    isTouched,
    /** Where it comes from, if it was not typed here. */
    source: isTouched || kept.source === "shop" ? kept.source : undefined,
    differences: isStale && isTouched ? differencesOf({ base, theirs: now, yours: form }) : undefined,
    change(next: SaleForm) {
      const state = { ...kept.state, form: next };
      if (isSameForm(next, base)) draft.drop();
      else draft.keep(state);
      setKept({ state, source: kept.source === "shop" ? undefined : kept.source });
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
      setKept({ state, source: "shop" });
    },
  };
}

interface Kept {
  readonly state: KeptForm;
  /** "shop": the shop has just what was typed. */
  readonly source: "earlier" | "other tab" | "shop" | undefined;
}

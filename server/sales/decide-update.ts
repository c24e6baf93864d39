import { Fault } from "../../shared/faults.ts";
import type { UpdateSaleInput } from "../../shared/sales.ts";
import { changesOf, pick } from "../audit/changes.ts";
import { isoTime } from "../database/times.ts";
import type { LockedItem, LockedSale } from "./change-sale.ts";
import { checkWindow } from "./check-window.ts";

/**
 * Decides what an operator's update changes. A pure function of the locked sale and the input. What equals the present
 * value is no change, so a form may send everything back.
 *
 * Always allowed: names, descriptions, pictures. Before the start: everything. While live or paused: a later end, and a
 * limit per customer that is raised or lifted. Afterwards: nothing else.
 *
 * @returns undefined when nothing changes
 * @throws Fault NOT_FOUND for an item that is not in the sale; INVALID_INPUT for a window of time that cannot be, or an
 *   item named twice; NOT_ALLOWED_NOW
 */
export function decideUpdate(sale: LockedSale, input: UpdateSaleInput): SaleUpdateDecision | undefined {
  const saleAfter = changesOf(saleValues(sale), {
    name: input.name,
    startsAt: input.startsAt && isoTime(Date.parse(input.startsAt)),
    endsAt: input.endsAt && isoTime(Date.parse(input.endsAt)),
  });
  checkTimes(sale, saleAfter);
  const items = itemsToChange(sale, input);
  for (const { item, after } of items) checkItem(sale, item, after);

  const changedItems = items.filter(({ after }) => Object.keys(after).length > 0);
  if (Object.keys(saleAfter).length === 0 && changedItems.length === 0) return undefined;
  return { set: saleAfter, items: changedItems };
}

/** What the audit log keeps of it: each changed value before and after. */
export function updateDetails(sale: LockedSale, decision: SaleUpdateDecision): Record<string, unknown> {
  return {
    before: pick(saleValues(sale), decision.set),
    after: decision.set,
    items: decision.items.map(({ item, after }) => ({ itemId: item.id, before: pick(item, after), after })),
  };
}

function checkTimes(sale: LockedSale, after: SaleValues): void {
  const startsAtMs = after.startsAt === undefined ? sale.startsAtMs : Date.parse(after.startsAt);
  const endsAtMs = after.endsAt === undefined ? sale.endsAtMs : Date.parse(after.endsAt);
  if (after.startsAt !== undefined) refuseUnless(sale.status === "scheduled", sale, "its start");
  if (after.endsAt !== undefined) {
    refuseUnless(isOpen(sale), sale, "its end");
    if (sale.status !== "scheduled" && endsAtMs < sale.endsAtMs) {
      throw new Fault("NOT_ALLOWED_NOW", "The sale has started: its end can only be moved to a later time.");
    }
  }
  if (after.startsAt !== undefined || after.endsAt !== undefined) checkWindow({ startsAtMs, endsAtMs }, sale.nowMs);
}

function itemsToChange(sale: LockedSale, input: UpdateSaleInput): ItemChange[] {
  const itemsById = new Map(sale.items.map((item) => [item.id, item]));
  const named = new Set<number>();
  return (input.items ?? []).map(({ itemId, ...values }, index) => {
    const item = itemsById.get(itemId);
    if (!item) throw new Fault("NOT_FOUND", `items[${index}]: there is no item ${itemId} in this sale.`);
    if (named.has(itemId)) throw new Fault("INVALID_INPUT", `items[${index}]: item ${itemId} is named twice.`);
    named.add(itemId);
    return { item, after: changesOf(itemValues(item), values) };
  });
}

function checkItem(sale: LockedSale, item: LockedItem, after: ItemValues): void {
  if (after.priceCents !== undefined) refuseUnless(sale.status === "scheduled", sale, `the price of "${item.name}"`);
  if (after.limitPerCustomer === undefined) return;
  refuseUnless(isOpen(sale), sale, `the limit of "${item.name}"`);
  const isLowered = (after.limitPerCustomer ?? Infinity) < (item.limitPerCustomer ?? Infinity);
  if (sale.status !== "scheduled" && isLowered) {
    throw new Fault("NOT_ALLOWED_NOW", `The sale has started: the limit of "${item.name}" can only be raised.`);
  }
}

function isOpen(sale: LockedSale): boolean {
  return sale.status === "scheduled" || sale.status === "live" || sale.status === "paused";
}

function refuseUnless(allowed: boolean, sale: LockedSale, what: string): void {
  if (allowed) return;
  const since = { scheduled: "is planned", live: "has started", paused: "has started", ended: "is over" } as const;
  const state = sale.status === "cancelled" ? "was cancelled" : since[sale.status];
  throw new Fault("NOT_ALLOWED_NOW", `The sale ${state}: ${what} can no longer change.`);
}

function saleValues(sale: LockedSale) {
  return { name: sale.name, startsAt: isoTime(sale.startsAtMs), endsAt: isoTime(sale.endsAtMs) };
}

function itemValues({ name, description, imageUrl, priceCents, limitPerCustomer }: LockedItem) {
  return { name, description, imageUrl, priceCents, limitPerCustomer };
}

type SaleValues = Partial<ReturnType<typeof saleValues>>;
type ItemValues = Partial<ReturnType<typeof itemValues>>;

export interface ItemChange {
  readonly item: LockedItem;
  /** The new values of what changes; what is absent stays. */
  readonly after: ItemValues;
}

export interface SaleUpdateDecision {
  readonly set: SaleValues;
  readonly items: readonly ItemChange[];
}

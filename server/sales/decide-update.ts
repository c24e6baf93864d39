import { Fault } from "../../shared/faults.ts";
import type { UpdateSaleInput } from "../../shared/sales.ts";
import { changesOf, pick } from "../audit/changes.ts";
import { isoTime } from "../database/times.ts";
import type { LockedItem, LockedSale } from "./change-sale.ts";
import { checkWindow } from "./check-window.ts";
import { decideLineUp, type LineUp } from "./decide-line-up.ts";
import { refuseUnless } from "./refuse-unless.ts";

/**
 * Decides what an operator's update changes. A pure function of the locked sale and the input. What equals the present
 * value is no change, so a form may send everything back.
 *
 * Always allowed: names, descriptions, pictures, the order. Before the start: everything. While live or paused: a later end, and a
 * limit per customer that is raised or lifted, and that no access code is needed any more. Afterwards: nothing else.
 *
 * @returns undefined when nothing changes
 * @throws Fault NOT_FOUND for an item that is not in the sale; INVALID_INPUT for a window of time that cannot be, an item
 *   named twice, or an order that is none; NOT_ALLOWED_NOW
 */
export function decideUpdate(sale: LockedSale, input: UpdateSaleInput): SaleUpdateDecision | undefined {
  const saleAfter = changesOf(saleValues(sale), {
    name: input.name,
    startsAt: input.startsAt && isoTime(Date.parse(input.startsAt)),
    endsAt: input.endsAt && isoTime(Date.parse(input.endsAt)),
    limitPerCustomer: input.limitPerCustomer,
    needsAccessCode: input.needsAccessCode,
  });
  checkTimes(sale, saleAfter);
  checkLimit(sale, {
    what: "the limit over all items",
    before: sale.limitPerCustomer,
    after: saleAfter.limitPerCustomer,
  });
  checkAccess(sale, saleAfter);
  const items = itemsToChange(sale, input);
  for (const { item, after } of items) checkItem(sale, item, after);

  const lineUp = decideLineUp(sale, input);
  for (const { id } of lineUp.removed) {
    if (items.some(({ item }) => item.id === id)) {
      throw new Fault("INVALID_INPUT", `removeItemIds: item ${id} is changed by the same update.`);
    }
  }

  const changedItems = items.filter(({ after }) => Object.keys(after).length > 0);
  const isSameLineUp = lineUp.removed.length + lineUp.added.length === 0 && lineUp.order === undefined;
  if (Object.keys(saleAfter).length === 0 && changedItems.length === 0 && isSameLineUp) return undefined;
  return { set: saleAfter, items: changedItems, lineUp };
}

/**
 * What the audit log keeps of it: each changed value before and after.
 *
 * @param addedIds of the items that it added
 */
export function updateDetails(
  sale: LockedSale,
  { set, items, lineUp: { removed, added, order } }: SaleUpdateDecision,
  addedIds: readonly number[],
): Record<string, unknown> {
  return {
    before: pick(saleValues(sale), set),
    after: set,
    items: items.map(({ item, after }) => ({ itemId: item.id, before: pick(itemValues(item), after), after })),
    ...(added.length > 0 && { added: added.map((item, index) => ({ itemId: addedIds[index], ...item })) }),
    ...(removed.length > 0 && { removed: removed.map(({ id, name, allotted }) => ({ itemId: id, name, allotted })) }),
    ...(order && {
      order: {
        before: sale.items.map(({ id }) => id),
        after: order.map(({ itemId, added: index = 0 }) => itemId ?? addedIds[index]),
      },
    }),
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
  if (after.stock !== undefined) {
    const units = `the units of "${item.name}"`;
    if (sale.status === "live" || sale.status === "paused") {
      throw new Fault(
        "NOT_ALLOWED_NOW",
        `The sale has started: ${units} only change by how many are added or withdrawn (sales.adjustStock).`,
      );
    }
    refuseUnless(sale.status === "scheduled", sale, units);
  }
  const what = `the limit of "${item.name}"`;
  checkLimit(sale, { what, before: item.limitPerCustomer, after: after.limitPerCustomer });
}

/** @param limit.after undefined where it stays */
function checkLimit(sale: LockedSale, { what, before, after }: LimitChange): void {
  if (after === undefined) return;
  refuseUnless(isOpen(sale), sale, what);
  if (sale.status !== "scheduled" && (after ?? Infinity) < (before ?? Infinity)) {
    throw new Fault("NOT_ALLOWED_NOW", `The sale has started: ${what} can only be raised.`);
  }
}

/** Whoever bought before had no code. */
function checkAccess(sale: LockedSale, { needsAccessCode }: SaleValues): void {
  if (needsAccessCode === undefined) return;
  refuseUnless(isOpen(sale), sale, "who may buy");
  if (needsAccessCode) refuseUnless(sale.status === "scheduled", sale, "that everybody may buy");
}

interface LimitChange {
  readonly what: string;
  readonly before: number | null;
  readonly after: number | null | undefined;
}

function isOpen(sale: LockedSale): boolean {
  return sale.status === "scheduled" || sale.status === "live" || sale.status === "paused";
}

function saleValues(sale: LockedSale) {
  const { name, startsAtMs, endsAtMs, limitPerCustomer, needsAccessCode } = sale;
  return { name, startsAt: isoTime(startsAtMs), endsAt: isoTime(endsAtMs), limitPerCustomer, needsAccessCode };
}

function itemValues({ name, description, imageUrl, priceCents, allotted, limitPerCustomer }: LockedItem) {
  return { name, description, imageUrl, priceCents, stock: allotted, limitPerCustomer };
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
  readonly lineUp: LineUp;
}

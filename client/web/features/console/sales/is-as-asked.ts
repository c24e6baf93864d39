import { readItem } from "./read-sale-form.ts";
import type { SaleForm, TimeForm } from "./sale-form.ts";

/**
 * Whether a sale is just what the form asks for, also where it was typed another way: then the answer to it was lost, or
 * somebody else has done the same. What was to be added has an id by now.
 */
export function isAsAsked(asked: SaleForm, now: SaleForm): boolean {
  const [wanted, there] = [asked, now].map((form) => meaningOf(form, asked));
  return wanted !== undefined && wanted === there;
}

/** Undefined where it cannot be asked for. */
function meaningOf(form: SaleForm, asked: SaleForm): string | undefined {
  const errors = {};
  const items = form.items.map((item, index) => {
    const { productId, warehouseId: _, ...texts } = readItem(item, errors);
    const { itemId, productId: known } = asked.items[index] ?? {};
    return [texts, itemId !== undefined && item.itemId, known !== undefined && productId];
  });
  if (Object.keys(errors).length > 0) return undefined;
  const times = [form.startsAt, form.endsAt].map(({ text, turn }: TimeForm) => text + turn);
  return JSON.stringify([form.name.trim(), times, form.limit.trim(), form.needsAccessCode, items]);
}

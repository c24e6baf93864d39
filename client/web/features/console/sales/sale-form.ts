import { z } from "zod";
import type { SaleDetails } from "../../../../../shared/sales.ts";
import { amountText } from "../../../app/amount.ts";
import { laterBy, onNextSameWeekday, readWall, wallDistanceMs, wallText } from "./zoned-time.ts";

/*
 * A sale as it stands in the form: text, as it was typed. What is compared with what others changed, and what is kept while
 * one types, is this.
 */

/** What a clock on the operator's wall shows then, and which of two, where it comes twice; empty where that is not chosen. */
const timeFormSchema = z.strictObject({ text: z.string(), turn: z.enum(["", "first", "second"]) }).readonly();
export type TimeForm = z.infer<typeof timeFormSchema>;

const itemFormSchema = z
  .strictObject({
    /** Tells it from the others of the form, wherever it stands. */
    key: z.string(),
    /** Absent for one that is to be added. */
    itemId: z.int().exactOptional(),
    /** Absent for one that makes its product. */
    productId: z.int().exactOptional(),
    /** Empty for the first one. */
    warehouseId: z.string(),
    name: z.string(),
    description: z.string(),
    imageUrl: z.string(),
    price: z.string(),
    stock: z.string(),
    /** Empty for none. */
    limit: z.string(),
  })
  .readonly();
export type ItemForm = z.infer<typeof itemFormSchema>;

export const saleFormSchema = z
  .strictObject({
    name: z.string(),
    startsAt: timeFormSchema,
    endsAt: timeFormSchema,
    /** Units that one customer may have of all items together; empty for no limit. */
    limit: z.string(),
    needsAccessCode: z.boolean(),
    items: z.array(itemFormSchema).readonly(),
  })
  .readonly();
export type SaleForm = z.infer<typeof saleFormSchema>;

export function emptyForm(): SaleForm {
  return { name: "", startsAt: NO_TIME, endsAt: NO_TIME, limit: "", needsAccessCode: false, items: [] };
}

const NO_TIME: TimeForm = { text: "", turn: "" };

/** A sale as it stands, to be changed. */
export function formOf(sale: SaleDetails, timeZone: string): SaleForm {
  return {
    name: sale.name,
    startsAt: timeOf(sale.startsAt, timeZone),
    endsAt: timeOf(sale.endsAt, timeZone),
    limit: limitText(sale.limitPerCustomer),
    needsAccessCode: sale.needsAccessCode,
    items: sale.items.map((item) => ({
      key: `item-${item.id}`,
      itemId: item.id,
      productId: item.productId,
      warehouseId: String(item.warehouseId),
      name: item.name,
      description: item.description,
      imageUrl: item.imageUrl ?? "",
      price: amountText(item.priceCents),
      stock: String(item.allotted),
      limit: limitText(item.limitPerCustomer),
    })),
  };
}

/**
 * A plan like a sale that there is: the same items with as many units as that offered, its times on the next same weekday.
 */
export function copyOf(sale: SaleDetails, { nowMs, timeZone }: { nowMs: number; timeZone: string }): SaleForm {
  const form = formOf(sale, timeZone);
  const startsAt = onNextSameWeekday(form.startsAt.text, { afterMs: nowMs, timeZone });
  const endsAt = laterBy(startsAt, wallDistanceMs(form.startsAt.text, form.endsAt.text));
  return {
    ...form,
    startsAt: { text: startsAt, turn: "" },
    endsAt: { text: endsAt, turn: "" },
    items: form.items.map(({ itemId: _, ...item }, index) => ({
      ...item,
      key: crypto.randomUUID(),
      stock: String(sale.items[index]?.offered ?? item.stock),
    })),
  };
}

/** An item that is to be added: a product of the catalogue, or a name alone. */
export function newItem(item: Partial<Omit<ItemForm, "key" | "itemId">>): ItemForm {
  return {
    key: crypto.randomUUID(),
    warehouseId: "",
    name: "",
    description: "",
    imageUrl: "",
    price: "",
    stock: "",
    limit: "",
    ...item,
  };
}

export function isSameForm(one: SaleForm, other: SaleForm): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}

function limitText(limit: number | null): string {
  return limit === null ? "" : String(limit);
}

function timeOf(at: string, timeZone: string): TimeForm {
  const text = wallText(Date.parse(at), timeZone);
  const wall = readWall(text, timeZone);
  if (wall.kind !== "twice") return { text, turn: "" };
  return { text, turn: Date.parse(at) < wall.secondMs ? "first" : "second" };
}

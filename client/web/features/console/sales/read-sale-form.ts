import { PRICE_CENTS_MAX } from "../../../../../shared/money.ts";
import { descriptionSchema, imageUrlSchema, nameSchema } from "../../../../../shared/primitives.ts";
import {
  type CreateSaleInput,
  type ItemPlace,
  SALE_AHEAD_MS_MAX,
  SALE_ITEMS_MAX,
  type SaleDetails,
  STOCK_MAX,
  type UpdateSaleInput,
} from "../../../../../shared/sales.ts";
import { parseAmountCents, parseWhole } from "../../../app/amount.ts";
import { serverClock } from "../../../app/server-clock.ts";
import type { ItemForm, SaleForm, TimeForm } from "./sale-form.ts";
import { readWall } from "./zoned-time.ts";

/** What is wrong, in words, by the name of the field: `name`, `startsAt`, `items`, or an item's key, a dot and its field. */
export type FieldErrors = Readonly<Record<string, string>>;

/** What the form asks for, or what is wrong with it. */
export function readCreate(form: SaleForm, timeZone: string): Read<CreateSaleInput> {
  const errors: Record<string, string> = {};
  const times = readTimes(form, { errors, timeZone });
  const items = readItems(form.items, errors);
  const name = readText(nameSchema, form.name, NAME_RULE, (words) => {
    errors.name = words;
  });
  const limitPerCustomer = readLimit(form.limit, (words) => {
    errors.limit = words;
  });
  if (Object.keys(errors).length > 0) return { errors };
  const { needsAccessCode } = form;
  return { input: { name, ...times, limitPerCustomer, needsAccessCode, items: items.map(({ input }) => input) } };
}

/**
 * What the form asks of a sale that there is: what differs from what it was, and nothing else. Undefined where nothing does.
 *
 * @param base the sale as it was when the form was opened
 */
export function readUpdate(
  form: SaleForm,
  { sale, base, timeZone }: { sale: SaleDetails; base: SaleForm; timeZone: string },
): Read<UpdateSaleInput | undefined> {
  const errors: Record<string, string> = {};
  const times = readTimes(form, { errors, timeZone, base });
  const items = readItems(form.items, errors);
  const name = readText(nameSchema, form.name, NAME_RULE, (words) => {
    errors.name = words;
  });
  const limitPerCustomer = readLimit(form.limit, (words) => {
    errors.limit = words;
  });
  if (Object.keys(errors).length > 0) return { errors };

  const baseOf = new Map(base.items.map((item) => [item.key, item]));
  const changed = items.flatMap(({ item, input }) => {
    const before = baseOf.get(item.key);
    if (item.itemId === undefined || before === undefined) return [];
    const differs = (field: keyof ItemForm) => item[field] !== before[field];
    const change = {
      ...(differs("name") && { name: input.name }),
      ...(differs("description") && { description: input.description }),
      ...(differs("imageUrl") && { imageUrl: input.imageUrl }),
      ...(differs("price") && { priceCents: input.priceCents }),
      ...(differs("stock") && { stock: input.stock }),
      ...(differs("limit") && { limitPerCustomer: input.limitPerCustomer }),
    };
    return Object.keys(change).length > 0 ? [{ itemId: item.itemId, ...change }] : [];
  });
  const added = items.filter(({ item }) => item.itemId === undefined);
  const removed = base.items.filter(({ key }) => !form.items.some((item) => item.key === key));
  const kept = base.items.filter((item) => !removed.includes(item));
  const isMoved = [...kept.map(({ key }) => key), ...added.map(({ item }) => item.key)].some(
    (key, index) => form.items[index]?.key !== key,
  );
  const input = {
    ...(form.name !== base.name && { name }),
    ...(isOtherTime(form.startsAt, base.startsAt) && { startsAt: times.startsAt }),
    ...(isOtherTime(form.endsAt, base.endsAt) && { endsAt: times.endsAt }),
    ...(form.limit !== base.limit && { limitPerCustomer }),
    ...(form.needsAccessCode !== base.needsAccessCode && { needsAccessCode: form.needsAccessCode }),
    ...(changed.length > 0 && { items: changed }),
    ...(added.length > 0 && { addItems: added.map(({ input }) => input) }),
    ...(removed.length > 0 && { removeItemIds: removed.flatMap(({ itemId }) => itemId ?? []) }),
    ...(isMoved && { order: placesOf(form.items) }),
  };
  if (Object.keys(input).length === 0) return { input: undefined };
  return { input: { saleId: sale.id, edits: sale.edits, ...input } };
}

function placesOf(items: readonly ItemForm[]): ItemPlace[] {
  let added = 0;
  return items.map(({ itemId }) => (itemId === undefined ? { added: added++ } : { itemId }));
}

function readTimes(form: SaleForm, { errors, timeZone, base }: TimesContext): { startsAt: string; endsAt: string } {
  const read = (field: "startsAt" | "endsAt") => {
    const time = form[field];
    const wall = readWall(time.text, timeZone);
    if (wall.kind === "once") return wall.atMs;
    if (base && !isOtherTime(time, base[field]) && wall.kind !== "twice") return Number.NaN;
    if (wall.kind === "none") {
      const what = field === "startsAt" ? "starts" : "ends";
      errors[field] = time.text === "" ? `Please say when it ${what}.` : YEAR_RULE;
    }
    if (wall.kind === "skipped") {
      errors[field] =
        `The clocks are put forward then and never show this time. ${wall.instead.slice(-5)} comes instead.`;
    }
    if (wall.kind !== "twice") return Number.NaN;
    if (time.turn === "")
      errors[field] = "The clocks are put back then and show this time twice. Please say which one.";
    return time.turn === "second" ? wall.secondMs : wall.firstMs;
  };
  const [startsAtMs, endsAtMs] = [read("startsAt"), read("endsAt")];
  if (endsAtMs > serverClock.nowMs() + SALE_AHEAD_MS_MAX) errors.endsAt ??= YEAR_RULE;
  if (endsAtMs <= startsAtMs) errors.endsAt ??= "A sale ends after it starts.";
  return { startsAt: isoOf(startsAtMs), endsAt: isoOf(endsAtMs) };
}

function isoOf(atMs: number): string {
  return Number.isNaN(atMs) ? "" : new Date(atMs).toISOString();
}

function isOtherTime(one: TimeForm, other: TimeForm): boolean {
  return one.text !== other.text || one.turn !== other.turn;
}

function readItems(items: readonly ItemForm[], errors: Record<string, string>) {
  if (items.length === 0) errors.items = "A sale has at least one item.";
  if (items.length > SALE_ITEMS_MAX) errors.items = `A sale has at most ${SALE_ITEMS_MAX} items.`;
  return items.map((item) => ({ item, input: readItem(item, errors) }));
}

/** What the form asks of one item; what is wrong with it is put among the errors. */
export function readItem(item: ItemForm, errors: Record<string, string>): CreateSaleInput["items"][number] {
  const fail = (field: string) => (words: string) => {
    errors[`${item.key}.${field}`] = words;
  };
  const priceCents = parseAmountCents(item.price, PRICE_CENTS_MAX);
  if (priceCents === undefined) fail("price")("A price like 49.90, up to €10,000,000.");
  const stock = parseWhole(item.stock, { min: 0, max: STOCK_MAX });
  if (stock === undefined) fail("stock")("A whole number, up to 10,000,000.");
  const limitPerCustomer = readLimit(item.limit, fail("limit"));
  return {
    ...(item.productId !== undefined && { productId: item.productId }),
    ...(item.warehouseId !== "" && { warehouseId: Number(item.warehouseId) }),
    name: readText(nameSchema, item.name, NAME_RULE, fail("name")),
    description: readText(
      descriptionSchema,
      item.description,
      "At most 2,000 characters that can be read.",
      fail("description"),
    ),
    imageUrl:
      item.imageUrl.trim() === "" ? null : readText(imageUrlSchema, item.imageUrl.trim(), IMAGE_RULE, fail("imageUrl")),
    priceCents: priceCents ?? 0,
    stock: stock ?? 0,
    limitPerCustomer,
  };
}

function readLimit(text: string, fail: (words: string) => void): number | null {
  if (text.trim() === "") return null;
  const limit = parseWhole(text, { min: 1, max: LIMIT_MAX });
  if (limit === undefined) fail("A whole number from 1, or nothing for no limit.");
  return limit ?? null;
}

function readText(
  schema: { safeParse(text: string): { success: true; data: string } | { success: false } },
  text: string,
  rule: string,
  fail: (words: string) => void,
): string {
  const read = schema.safeParse(text);
  if (read.success) return read.data;
  fail(text.trim() === "" ? "Please give it a name." : rule);
  return text;
}

const YEAR_RULE = "A sale is over within ten years from now. Is the year right?";
const NAME_RULE =
  "A name has at most 120 characters, some that can be seen and none that turns the writing’s direction.";
const IMAGE_RULE = "A path on this site, for example /images/lamp.svg.";

/** What the shop takes. */
const LIMIT_MAX = 1_000_000;

interface TimesContext {
  readonly errors: Record<string, string>;
  readonly timeZone: string;
  /** A time that is still what it was is not asked about again. */
  readonly base?: SaleForm;
}

type Read<Input> =
  | { readonly input: Input; readonly errors?: never }
  | { readonly errors: FieldErrors; readonly input?: never };

import { formatMoney } from "../../shared/money.ts";
import type { KeptRefusalCode, RefusalCode } from "../../shared/refusals.ts";
import type { SaleStatus } from "../../shared/sales.ts";
import type { SaleTimes } from "../sales/sale-status.ts";

/** One request to buy an item that exists, beside everything that decides about it. Money in minor units, times in ms. */
export interface Asked {
  readonly nowMs: number;
  readonly quantity: number;
  readonly item: ItemFacts;
  readonly saleStatus: SaleStatus;
  readonly isActive: boolean;
  readonly remaining: number;
  /** When the item's newest purchase was decided; null before the first one. */
  readonly lastSoldAtMs: number | null;
  /** Units of the item that the buyer holds; not counted for an item without a limit. */
  readonly held: number;
  /** The same over all items of the sale, where that has a limit. */
  readonly heldOfSale: number;
  /** Whether the sale is open to the buyer: to everybody, or to those who have entered a code. */
  readonly isAdmitted: boolean;
  readonly balanceCents: number;
}

/** The item as its locked row says, with the sale as read after the lock. Money in minor units, times in ms. */
export interface ItemFacts {
  readonly id: number;
  readonly priceCents: number;
  readonly currency: string;
  readonly remaining: number;
  readonly limitPerCustomer: number | null;
  readonly lastPosition: number;
  readonly lastSoldAtMs: number | null;
  readonly sale: SaleFacts;
}

export interface SaleFacts extends SaleTimes {
  readonly saleId: number;
  /** Over all its items. */
  readonly saleLimit: number | null;
  readonly needsAccessCode: boolean;
}

/** Whether a reason to refuse holds. They are asked in the order of `REFUSALS`, up to the first that does. */
export const RULES: { readonly [Code in KeptRefusalCode]: (asked: Asked) => boolean } = {
  CUSTOMER_INACTIVE: ({ isActive }) => !isActive,
  SALE_CANCELLED: ({ saleStatus }) => saleStatus === "cancelled",
  SALE_NOT_STARTED: ({ saleStatus }) => saleStatus === "scheduled",
  SALE_ENDED: ({ saleStatus }) => saleStatus === "ended",
  SALE_PAUSED: ({ saleStatus }) => saleStatus === "paused",
  ACCESS_CODE_REQUIRED: ({ isAdmitted }) => !isAdmitted,
  OUT_OF_STOCK: ({ quantity, remaining }) => quantity > remaining,
  LIMIT_REACHED: ({ item, held, quantity }) =>
    item.limitPerCustomer !== null && held + quantity > item.limitPerCustomer,
  SALE_LIMIT_REACHED: ({ item, heldOfSale, quantity }) =>
    item.sale.saleLimit !== null && heldOfSale + quantity > item.sale.saleLimit,
  INSUFFICIENT_BALANCE: ({ item, quantity, balanceCents }) => item.priceCents * quantity > balanceCents,
};

/** Says to the buyer what happened and what they can do. It is stored with the attempt, so a replay says the same. */
export const MESSAGES = {
  KEY_REUSED: "This purchase's key was already used for another purchase. Please start again.",
  ITEM_NOT_FOUND: "There is no such item.",
  CUSTOMER_INACTIVE: "Your account has been deactivated. Please contact the shop.",
  SALE_CANCELLED: "This sale was cancelled. Nothing was charged.",
  SALE_NOT_STARTED: ({ item, nowMs }) =>
    `This sale has not started yet. It starts in ${durationInWords(item.sale.startsAtMs - nowMs)}.`,
  SALE_ENDED: ({ item, nowMs }) => `This sale ended ${durationInWords(nowMs - item.sale.endsAtMs)} ago.`,
  SALE_PAUSED: "This sale is paused. Please try again when it goes on.",
  ACCESS_CODE_REQUIRED: "This sale is for holders of an access code. Please enter yours first.",
  OUT_OF_STOCK: ({ remaining, quantity, lastSoldAtMs, nowMs }) => {
    if (remaining > 0) return `Only ${remaining} left, and you asked for ${quantity}.`;
    if (lastSoldAtMs === null) return "Sold out.";
    return `Sold out. The last one went ${durationInWords(nowMs - lastSoldAtMs)} before your turn.`;
  },
  LIMIT_REACHED: ({ item, held, quantity }) => {
    const limit = item.limitPerCustomer ?? 0;
    if (held >= limit) return `You already have ${held} of this, the most that one buyer may have.`;
    if (held === 0) return `One buyer may have ${limit} of this, and you asked for ${quantity}.`;
    return `One buyer may have ${limit} of this. You have ${held} and asked for ${quantity} more.`;
  },
  SALE_LIMIT_REACHED: ({ item, heldOfSale, quantity }) => {
    const limit = item.sale.saleLimit ?? 0;
    if (heldOfSale >= limit) return `You already have ${heldOfSale} from this sale, the most that one buyer may have.`;
    if (heldOfSale === 0) return `One buyer may have ${limit} from this sale, and you asked for ${quantity}.`;
    return `One buyer may have ${limit} from this sale. You have ${heldOfSale} and asked for ${quantity} more.`;
  },
  INSUFFICIENT_BALANCE: ({ item, quantity, balanceCents }) => {
    const price = formatMoney(item.priceCents * quantity, item.currency, MESSAGE_LOCALE);
    const balance = formatMoney(balanceCents, item.currency, MESSAGE_LOCALE);
    return `This costs ${price}, and your wallet holds ${balance}. Please top it up.`;
  },
} satisfies { readonly [Code in RefusalCode]: string | ((asked: Asked) => string) };

export function messageOf(code: KeptRefusalCode, asked: Asked): string {
  const message: string | ((asked: Asked) => string) = MESSAGES[code];
  return typeof message === "string" ? message : message(asked);
}

/** Rounds to what a person would say: "0.4 seconds", "12 seconds", "3 minutes", "2 hours", "5 days". */
function durationInWords(durationMs: number): string {
  const seconds = Math.max(0, durationMs) / 1000;
  if (seconds < 0.1) return "less than 0.1 seconds";
  if (seconds < 10) return plural(Math.round(seconds * 10) / 10, "second");
  if (seconds < 90) return plural(Math.round(seconds), "second");
  if (seconds < 90 * 60) return plural(Math.round(seconds / 60), "minute");
  if (seconds < 36 * 3600) return plural(Math.round(seconds / 3600), "hour");
  return plural(Math.round(seconds / 86_400), "day");
}

function plural(count: number, unit: string): string {
  return `${count} ${unit}${count === 1 ? "" : "s"}`;
}

/** Messages are English, whatever locale the server runs in. */
const MESSAGE_LOCALE = "en";

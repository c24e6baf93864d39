import { formatMoney } from "../../shared/money.ts";
import type { RefusalCode } from "../../shared/purchases.ts";
import type { ItemFacts } from "./facts.ts";

/** Says to the buyer what happened and what they can do. It is stored with the attempt, so a replay says the same. */
export function refusalMessage(code: RefusalCode, about: RefusalFacts): string {
  switch (code) {
    case "KEY_REUSED":
      return "This purchase's key was already used for another purchase. Please start again.";
    case "ITEM_NOT_FOUND":
      return "There is no such item.";
    case "CUSTOMER_INACTIVE":
      return "Your account has been deactivated. Please contact the shop.";
    case "SALE_CANCELLED":
      return "This sale was cancelled. Nothing was charged.";
    case "SALE_NOT_STARTED":
      return `This sale has not started yet. It starts in ${durationInWords((about.item?.sale.startsAtMs ?? 0) - about.nowMs)}.`;
    case "SALE_ENDED":
      return `This sale ended ${durationInWords(about.nowMs - (about.item?.sale.endsAtMs ?? 0))} ago.`;
    case "SALE_PAUSED":
      return "This sale is paused. Please try again when it goes on.";
    case "OUT_OF_STOCK":
      return outOfStockMessage(about);
    case "LIMIT_REACHED":
      return limitMessage(about);
    case "INSUFFICIENT_BALANCE":
      return insufficientBalanceMessage(about);
    default:
      return code satisfies never;
  }
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

function outOfStockMessage(about: RefusalFacts): string {
  if (about.remaining > 0) return `Only ${about.remaining} left, and you asked for ${about.quantity}.`;
  if (about.lastSoldAtMs === null) return "Sold out.";
  return `Sold out. The last one went ${durationInWords(about.nowMs - about.lastSoldAtMs)} before your turn.`;
}

function limitMessage(about: RefusalFacts): string {
  const limit = about.item?.limitPerCustomer ?? 0;
  if (about.held >= limit) return `You already have ${about.held} of this, the most that one buyer may have.`;
  if (about.held === 0) return `One buyer may have ${limit} of this, and you asked for ${about.quantity}.`;
  return `One buyer may have ${limit} of this. You have ${about.held} and asked for ${about.quantity} more.`;
}

function insufficientBalanceMessage(about: RefusalFacts): string {
  const currency = about.item?.currency;
  const price = formatMoney((about.item?.priceCents ?? 0) * about.quantity, currency, MESSAGE_LOCALE);
  const balance = formatMoney(about.balanceCents, currency, MESSAGE_LOCALE);
  return `This costs ${price}, and your wallet holds ${balance}. Please top it up.`;
}

function plural(count: number, unit: string): string {
  return `${count} ${unit}${count === 1 ? "" : "s"}`;
}

/** Messages are English, whatever locale the server runs in. */
const MESSAGE_LOCALE = "en";

export interface RefusalFacts {
  readonly nowMs: number;
  readonly quantity: number;
  readonly item: ItemFacts | undefined;
  readonly remaining: number;
  /** When the item's newest purchase was decided, in ms; null before the first one. */
  readonly lastSoldAtMs: number | null;
  /** Units of the item that the buyer holds. */
  readonly held: number;
  readonly balanceCents: number;
}

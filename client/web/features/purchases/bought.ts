import { CURRENCY } from "../../../../shared/money.ts";
import type { Order } from "../../../../shared/orders.ts";
import type { Purchase } from "../../../../shared/purchases.ts";
import { orderStatusWords, PURCHASE_STATUS_WORDS, type StatusWords } from "./status-words.ts";

/** Something that was bought, in a sale or from the catalogue, as the list and the receipt show it. */
export interface Bought {
  /** What stands in the address of its receipt. */
  readonly receiptId: string;
  /** Its number, in words: "Order 12". */
  readonly number: string;
  readonly boughtAt: string;
  /** Which buyer of the item it was; undefined for orders, which stand in no queue. */
  readonly position: number | undefined;
  readonly status: StatusWords;
  /** Where the money went back: when, and why. */
  readonly refundedAt: string | null;
  readonly because: string | null;
  readonly amountCents: number;
  readonly currency: string;
  readonly balanceCents: number;
  readonly lines: readonly BoughtLine[];
}

export interface BoughtLine {
  readonly line: number;
  readonly name: string;
  readonly imageUrl: string | null;
  readonly quantity: number;
  readonly priceCents: number;
}

export function ofPurchase(purchase: Purchase): Bought {
  const { itemName, imageUrl, quantity, amountCents } = purchase;
  return {
    receiptId: purchase.purchaseId,
    number: `Purchase ${purchase.purchaseId}`,
    boughtAt: purchase.purchasedAt,
    position: purchase.position,
    status: PURCHASE_STATUS_WORDS[purchase.status],
    refundedAt: purchase.refundedAt,
    because: purchase.rejectedBecause ?? purchase.refundedBecause,
    amountCents,
    currency: CURRENCY,
    balanceCents: purchase.balanceCents,
    lines: [{ line: 1, name: itemName, imageUrl, quantity, priceCents: amountCents / quantity }],
  };
}

export function ofOrder(order: Order): Bought {
  return {
    receiptId: `${ORDER_PREFIX}${order.orderId}`,
    number: `Order ${order.orderId}`,
    boughtAt: order.placedAt,
    position: undefined,
    status: orderStatusWords(order),
    refundedAt: order.refundedAt,
    because: order.errorMessage,
    amountCents: order.amountCents,
    currency: order.currency,
    balanceCents: order.balanceCents,
    lines: order.lines.map(({ productName, ...line }) => ({ ...line, name: productName })),
  };
}

/** The order that a receipt's address speaks of, as the shop is asked for it; undefined where it speaks of a purchase. */
export function orderIdOf(receiptId: string): number | undefined {
  return receiptId.startsWith(ORDER_PREFIX) ? Number(receiptId.slice(ORDER_PREFIX.length)) : undefined;
}

const ORDER_PREFIX = "order-";

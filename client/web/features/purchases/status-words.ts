import type { OrderStatus } from "../../../../shared/orders.ts";
import type { PurchaseStatus } from "../../../../shared/purchases.ts";

/** Where it is, in words and in a colour. */
export interface StatusWords {
  readonly text: string;
  readonly tone: "plain" | "good" | "bad";
  /** Whether it goes on by itself, so that it is worth looking again. */
  readonly isOnItsWay: boolean;
  readonly isGivenBack: boolean;
}

export const PURCHASE_STATUS_WORDS: Record<PurchaseStatus, StatusWords> = {
  paid: { text: "Paid", tone: "plain", isOnItsWay: true, isGivenBack: false },
  dispatching: { text: "Paid, being dispatched", tone: "plain", isOnItsWay: true, isGivenBack: false },
  dispatched: { text: "Dispatched", tone: "good", isOnItsWay: false, isGivenBack: false },
  rejected: { text: "Not dispatched", tone: "bad", isOnItsWay: false, isGivenBack: true },
  refunded: { text: "Refunded", tone: "good", isOnItsWay: false, isGivenBack: true },
};

/** @param inventoryUpdated whether its units were taken for it */
export function orderStatusWords({ status, inventoryUpdated }: OrderStatusFacts): StatusWords {
  if (status === "pending") return PURCHASE_STATUS_WORDS[inventoryUpdated ? "dispatching" : "paid"];
  return PURCHASE_STATUS_WORDS[status === "confirmed" ? "dispatched" : status];
}

export interface OrderStatusFacts {
  readonly status: OrderStatus;
  readonly inventoryUpdated: boolean;
}

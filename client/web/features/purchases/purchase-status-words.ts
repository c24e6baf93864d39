import type { PurchaseStatus } from "../../../../shared/purchases.ts";

/** Where a purchase is, in words and in a colour. */
export interface PurchaseStatusWords {
  readonly text: string;
  readonly tone: "plain" | "good" | "bad";
  /** Whether it goes on by itself, so that it is worth looking again. */
  readonly isOnItsWay: boolean;
  readonly isGivenBack: boolean;
}

export const PURCHASE_STATUS_WORDS: Record<PurchaseStatus, PurchaseStatusWords> = {
  paid: { text: "Paid", tone: "plain", isOnItsWay: true, isGivenBack: false },
  dispatching: { text: "Paid, being dispatched", tone: "plain", isOnItsWay: true, isGivenBack: false },
  dispatched: { text: "Dispatched", tone: "good", isOnItsWay: false, isGivenBack: false },
  rejected: { text: "Not dispatched, money given back", tone: "bad", isOnItsWay: false, isGivenBack: true },
  refunded: { text: "Refunded", tone: "good", isOnItsWay: false, isGivenBack: true },
};

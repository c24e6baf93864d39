import type { PurchaseStatus } from "../../../../shared/purchases.ts";
import type { StatusWords } from "./bought.ts";

export const PURCHASE_STATUS_WORDS: Record<PurchaseStatus, StatusWords> = {
  paid: { text: "Paid", tone: "plain", isOnItsWay: true, isGivenBack: false },
  dispatching: { text: "Paid, being dispatched", tone: "plain", isOnItsWay: true, isGivenBack: false },
  dispatched: { text: "Dispatched", tone: "good", isOnItsWay: false, isGivenBack: false },
  rejected: { text: "Not dispatched", tone: "bad", isOnItsWay: false, isGivenBack: true },
  refunded: { text: "Refunded", tone: "good", isOnItsWay: false, isGivenBack: true },
};

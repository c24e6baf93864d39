import type { OrderStatus } from "../../../../shared/orders.ts";
import type { StatusWords } from "./bought.ts";

/** @param inventoryUpdated whether its units were taken for it */
export function orderStatusWords({ status, inventoryUpdated }: OrderStatusFacts): StatusWords {
  switch (status) {
    case "pending":
      return {
        text: inventoryUpdated ? "Paid, being dispatched" : "Paid",
        tone: "plain",
        isOnItsWay: true,
        isGivenBack: false,
      };
    case "confirmed":
      return { text: "Dispatched", tone: "good", isOnItsWay: false, isGivenBack: false };
    case "rejected":
      return { text: "Not dispatched", tone: "bad", isOnItsWay: false, isGivenBack: true };
    case "refunded":
      return { text: "Refunded", tone: "good", isOnItsWay: false, isGivenBack: true };
    default:
      return status satisfies never;
  }
}

export interface OrderStatusFacts {
  readonly status: OrderStatus;
  readonly inventoryUpdated: boolean;
}

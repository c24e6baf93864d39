import type { OrderStatus } from "../../../../shared/orders.ts";

/** Where an order is, in words and in a colour; what became of its money stands below them. */
export interface OrderStatusWords {
  readonly text: string;
  readonly tone: "plain" | "good" | "bad";
}

/** @param inventoryUpdated whether its units were taken for it */
export function orderStatusWords({ status, inventoryUpdated }: OrderStatusFacts): OrderStatusWords {
  switch (status) {
    case "pending":
      return { text: inventoryUpdated ? "Paid, being dispatched" : "Paid", tone: "plain" };
    case "confirmed":
      return { text: "Dispatched", tone: "good" };
    case "rejected":
      return { text: "Not dispatched", tone: "bad" };
    case "refunded":
      return { text: "Given back", tone: "good" };
    default:
      return status satisfies never;
  }
}

export interface OrderStatusFacts {
  readonly status: OrderStatus;
  readonly inventoryUpdated: boolean;
}

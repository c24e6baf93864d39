import type { OrderStatus } from "../../../../shared/orders.ts";

/** Where an order is right after it was placed; the list of orders follows it from there. */
export function receiptWords(status: OrderStatus): string {
  switch (status) {
    case "confirmed":
      return "paid, and on its way.";
    case "pending":
      return "paid, being dispatched.";
    case "rejected":
      return "not dispatched. Your money is back in your wallet.";
    case "refunded":
      return "given back. Your money is back in your wallet.";
    default:
      return status satisfies never;
  }
}

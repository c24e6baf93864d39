import type { OrderRefusalCode } from "../../../../shared/orders.ts";

/** What a refusal says above the button: what happened, then what the buyer can do. */
export interface OrderRefusalWords {
  readonly title: string;
  readonly text: string;
  /** What is offered beside the words. */
  readonly offer: "orders" | "none";
}

/** @param message the server's sentence: it holds the facts as they were when it was decided */
export function orderRefusalWords({ code, message }: OrderRefusalFacts): OrderRefusalWords {
  switch (code) {
    case "INSUFFICIENT_INVENTORY":
      return { title: "There is not enough", text: `${message} Nothing was charged.`, offer: "none" };
    case "INVENTORY_NOT_FOUND":
      return {
        title: "This cannot come in one parcel",
        text: `${message} An order leaves from one warehouse: order it by itself. Nothing was charged.`,
        offer: "none",
      };
    case "INSUFFICIENT_BALANCE":
      return { title: "Not enough in your wallet", text: message, offer: "none" };
    case "PRODUCT_NOT_FOUND":
    case "PRODUCT_UNAVAILABLE":
      return { title: "No longer for sale", text: `${message} Nothing was charged.`, offer: "none" };
    case "CUSTOMER_INACTIVE":
    case "CUSTOMER_NOT_FOUND":
      return {
        title: "Your account has been deactivated",
        text: "Nothing was charged. Please get in touch with the shop to have it opened again.",
        offer: "none",
      };
    case "REQUEST_ID_REUSED":
      return {
        title: "This basket was ordered before",
        text: "An order was placed from it already, with other contents. Nothing was charged this time. Pay again if you want to order what is here as well.",
        offer: "orders",
      };
    case "WAREHOUSE_NOT_FOUND":
    case "CONSTRAINT_VIOLATED":
      return { title: "That did not work", text: `${message} Nothing was charged.`, offer: "none" };
    default:
      return code satisfies never;
  }
}

export interface OrderRefusalFacts {
  readonly code: OrderRefusalCode;
  readonly message: string;
}

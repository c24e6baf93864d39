import type { RefusalCode } from "../../../../shared/purchases.ts";

/** What a refusal says on the card: what happened, then what the buyer can do. */
export interface RefusalWords {
  readonly title: string;
  readonly text: string;
  /** What is offered beside the words. */
  readonly offer: "start-again" | "none";
}

/**
 * The server's sentence holds the facts (how far behind, how much is missing) as they were when it was decided; the
 * title names them, and the text adds what to do where that sentence does not.
 *
 * @param message the server's sentence
 * @param startsAt when the sale starts, already in words for a person
 */
export function refusalWords({ code, message, startsAt }: RefusalFacts): RefusalWords {
  switch (code) {
    case "OUT_OF_STOCK":
      return { title: "You missed it", text: `${message} Nothing was charged.`, offer: "none" };
    case "LIMIT_REACHED":
      return { title: "That is over the limit", text: `${message} Nothing was charged.`, offer: "none" };
    case "INSUFFICIENT_BALANCE":
      return { title: "Not enough in your wallet", text: message, offer: "none" };
    case "SALE_NOT_STARTED":
      return {
        title: "Not yet",
        text: `The sale starts ${startsAt}. Nothing was charged: come back then and press Buy again.`,
        offer: "none",
      };
    case "SALE_ENDED":
      return { title: "The sale is over", text: `${message} Nothing was charged.`, offer: "none" };
    case "SALE_PAUSED":
      return {
        title: "The sale is paused",
        text: "Nothing was charged. Keep this page open: you can buy again as soon as the sale goes on.",
        offer: "none",
      };
    case "SALE_CANCELLED":
      return { title: "The sale was cancelled", text: "Nothing was charged.", offer: "none" };
    case "CUSTOMER_INACTIVE":
      return {
        title: "Your account has been deactivated",
        text: "Nothing was charged. Please get in touch with the shop to have it opened again.",
        offer: "none",
      };
    case "ITEM_NOT_FOUND":
      return {
        title: "This item is gone",
        text: "It is no longer offered, and nothing was charged. Reload the page to see what is.",
        offer: "none",
      };
    case "KEY_REUSED":
      return {
        title: "This request was mixed up with another",
        text: "Nothing was charged this time. Please press Buy again.",
        offer: "start-again",
      };
    default:
      return code satisfies never;
  }
}

export interface RefusalFacts {
  readonly code: RefusalCode;
  readonly message: string;
  readonly startsAt: string;
}

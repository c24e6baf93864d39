/**
 * Why a purchase is refused, in the order in which the reasons are checked: the first that holds is the answer. The rules and
 * the buyer's sentences are in `server/purchases/refusals.ts`; the REST statuses, the page's words, metrics and schemas
 * follow from this table. Through tRPC a refusal is data with status 200.
 */
export const REFUSALS = {
  KEY_REUSED: {
    status: 422,
    title: "This request was mixed up with another",
    text: "Nothing was charged this time. Please press Buy again.",
  },
  ITEM_NOT_FOUND: {
    status: 404,
    title: "This item is gone",
    text: "It is no longer offered, and nothing was charged. Reload the page to see what is.",
  },
  CUSTOMER_INACTIVE: {
    status: 403,
    title: "Your account has been deactivated",
    text: "Nothing was charged. Please get in touch with the shop to have it opened again.",
  },
  SALE_CANCELLED: { status: 400, title: "The sale was cancelled", text: "Nothing was charged." },
  SALE_NOT_STARTED: {
    status: 400,
    title: "Not yet",
    text: "The sale starts {startsAt}. Nothing was charged: come back then and press Buy again.",
  },
  SALE_ENDED: { status: 400, title: "The sale is over", text: "{message} Nothing was charged." },
  SALE_PAUSED: {
    status: 400,
    title: "The sale is paused",
    text: "Nothing was charged. Keep this page open: you can buy again as soon as the sale goes on.",
  },
  ACCESS_CODE_REQUIRED: {
    status: 403,
    title: "This sale needs an access code",
    text: "Nothing was charged. Enter your code on this page, then press Buy again.",
  },
  OUT_OF_STOCK: { status: 400, title: "You missed it", text: "{message} Nothing was charged." },
  LIMIT_REACHED: { status: 400, title: "That is over the limit", text: "{message} Nothing was charged." },
  SALE_LIMIT_REACHED: {
    status: 400,
    title: "That is over the limit of this sale",
    text: "{message} Nothing was charged.",
  },
  INSUFFICIENT_BALANCE: { status: 400, title: "Not enough in your wallet", text: "{message}" },
} as const satisfies Record<string, Refusal>;

export type RefusalCode = keyof typeof REFUSALS;

export const REFUSAL_CODES = Object.keys(REFUSALS) as [RefusalCode, ...RefusalCode[]];

/** Neither is kept: the key's own attempt stands, and an attempt names its item. */
export function isKept(code: RefusalCode): code is KeptRefusalCode {
  return code !== "KEY_REUSED" && code !== "ITEM_NOT_FOUND";
}

export type KeptRefusalCode = Exclude<RefusalCode, "KEY_REUSED" | "ITEM_NOT_FOUND">;

interface Refusal {
  /** HTTP status on the REST route. */
  readonly status: 400 | 403 | 404 | 422;
  /** What happened, as the page's headline. */
  readonly title: string;
  /** What the buyer can do. `{message}` is the server's sentence, which holds the facts; `{startsAt}` when the sale starts. */
  readonly text: string;
}

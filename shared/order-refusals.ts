/**
 * Why an order is refused, in the order in which the reasons are checked. The rules are SQL (`drizzle/functions`); the REST
 * statuses, the page's words and the schemas follow from this table.
 */
export const ORDER_REFUSALS = {
  REQUEST_ID_REUSED: {
    errorCode: "SQLITE_CONSTRAINT",
    status: 422,
    title: "This basket was ordered before",
    text: "An order was placed from it already, with other contents. Nothing was charged this time. Pay again if you want to order what is here as well.",
  },
  CUSTOMER_NOT_FOUND: { errorCode: "SQLITE_NOTFOUND", status: 404, ...deactivated() },
  CUSTOMER_INACTIVE: { errorCode: "SQLITE_CONSTRAINT", status: 403, ...deactivated() },
  PRODUCT_NOT_FOUND: { errorCode: "SQLITE_NOTFOUND", status: 404, ...undone("No longer for sale") },
  PRODUCT_UNAVAILABLE: { errorCode: "SQLITE_CONSTRAINT", status: 400, ...undone("No longer for sale") },
  WAREHOUSE_NOT_FOUND: { errorCode: "SQLITE_NOTFOUND", status: 404, ...undone("That did not work") },
  INVENTORY_NOT_FOUND: {
    errorCode: "SQLITE_NOTFOUND",
    status: 404,
    title: "This cannot come in one parcel",
    text: "{message} An order leaves from one warehouse: order it by itself. Nothing was charged.",
  },
  INSUFFICIENT_INVENTORY: { errorCode: "SQLITE_BUSY", status: 400, ...undone("There is not enough") },
  INSUFFICIENT_BALANCE: {
    errorCode: "SQLITE_CONSTRAINT",
    status: 400,
    title: "Not enough in your wallet",
    text: "{message}",
  },
  /** Against a rule that only the database itself knows. */
  CONSTRAINT_VIOLATED: { errorCode: "SQLITE_CONSTRAINT", status: 400, ...undone("That did not work") },
} as const satisfies Record<string, OrderRefusal>;

export type OrderRefusalCode = keyof typeof ORDER_REFUSALS;

function deactivated() {
  return {
    title: "Your account has been deactivated",
    text: "Nothing was charged. Please get in touch with the shop to have it opened again.",
  };
}

function undone(title: string) {
  return { title, text: "{message} Nothing was charged." };
}

export const ORDER_ERROR_CODES = [
  "SQLITE_MISMATCH",
  "SQLITE_NOTFOUND",
  "SQLITE_CONSTRAINT",
  "SQLITE_BUSY",
  "SQLITE_LOCKED",
  "SQLITE_ERROR",
] as const;

/** What the database answers a failed order with: codes in the style of SQLite's. */
export type OrderErrorCode = (typeof ORDER_ERROR_CODES)[number];

interface OrderRefusal {
  readonly errorCode: OrderErrorCode;
  /** HTTP status on the REST route. */
  readonly status: 400 | 403 | 404 | 422;
  /** What happened, as the page's headline. */
  readonly title: string;
  /** What the buyer can do. `{message}` is the server's sentence, which holds the facts. */
  readonly text: string;
}

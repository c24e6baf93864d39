import type { RefusalCode } from "../../../../shared/refusals.ts";

/** A refusal as staff call it. What the buyer was told stands beside it, in the buyer's words. */
export const REFUSAL_LABELS: Record<RefusalCode, string> = {
  KEY_REUSED: "Key used for something else",
  ITEM_NOT_FOUND: "No such item",
  CUSTOMER_INACTIVE: "Account deactivated",
  SALE_CANCELLED: "Sale cancelled",
  SALE_NOT_STARTED: "Before the start",
  SALE_ENDED: "After the end",
  SALE_PAUSED: "Sale paused",
  ACCESS_CODE_REQUIRED: "No access code",
  OUT_OF_STOCK: "Sold out",
  LIMIT_REACHED: "Limit per customer",
  SALE_LIMIT_REACHED: "Limit of the sale",
  INSUFFICIENT_BALANCE: "Balance too low",
};

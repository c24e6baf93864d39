import type { FaultCode } from "./faults.ts";

/** What each fault is and what its caller can do, for OpenAPI and `docs/api.md`. Apart, because the page needs none of it. */
export const FAULT_MEANINGS: Record<FaultCode, string> = {
  INVALID_INPUT: "Not what the schema asks for; `issues` says where: send something else",
  NOT_ALLOWED_NOW: "Not in the present state, such as a price while the sale is live",
  INSUFFICIENT_STOCK: "More units to withdraw than remain: withdraw fewer",
  UNAUTHENTICATED: "No session, or one that has ended: sign in, and send it again with the same key",
  FORBIDDEN:
    "Not yours to do; or a change sent by another site's page, or by ours at an address that the shop does not know",
  CUSTOMER_INACTIVE: "The account is deactivated: only the shop can open it again",
  NOT_FOUND: "Nothing here by that name, or nothing of yours",
  METHOD_NOT_ALLOWED: "Not by this method; `Allow` says by which",
  LOCK_TIMEOUT: "Somebody else holds the row: send it again with the same key",
  CHANGED_MEANWHILE:
    "Another operator has changed it since the `edits` that were sent; the message says who, when and how: look again",
  TOO_LARGE: "A longer body than is read here, mostly 64 kB; or a picture with too many pixels",
  UNSUPPORTED_MEDIA_TYPE: "Not JSON in UTF-8, or compressed; or a file that is no JPEG, PNG, WebP or AVIF picture",
  KEY_REUSED: "The key stands for something else: make a new key for a new wish",
  EMAIL_TAKEN: "There is an account with this e-mail address: sign in, or take another",
  RATE_LIMITED: "More requests than the limit allows: send it again after `Retry-After`",
  INTERNAL: "A defect of the shop; a change may have been made: ask by the key, and quote the `requestId`",
  OVERLOADED: "Nothing was done: send it again after `Retry-After`, with the same key",
  OUTCOME_UNKNOWN: "The connection broke during COMMIT: the same key finds out",
  UNAVAILABLE: "The database cannot be reached, or the server is stopping: send it again with the same key",
};

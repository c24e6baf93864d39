import type { DoorbusterErrorCode } from "../../sdk/index.ts";

/**
 * What an error means for an intent under its key.
 *
 * - `again`: the next try may succeed.
 * - `stuck`: it may once the user or the shop has done something.
 * - `refused`: by the verb itself, which looks for the key first: nothing was done under it, by no try.
 * - `turned-away`: before any verb was reached: this try did nothing, and that says nothing about earlier ones.
 */
export const VERDICTS: Record<DoorbusterErrorCode, "again" | "stuck" | "refused" | "turned-away"> = {
  INVALID_INPUT: "turned-away",
  UNAUTHENTICATED: "stuck",
  FORBIDDEN: "turned-away",
  CUSTOMER_INACTIVE: "turned-away",
  NOT_FOUND: "turned-away",
  KEY_REUSED: "refused",
  EMAIL_TAKEN: "turned-away",
  NOT_ALLOWED_NOW: "refused",
  INSUFFICIENT_STOCK: "refused",
  LOCK_TIMEOUT: "again",
  CHANGED_MEANWHILE: "refused",
  TOO_LARGE: "turned-away",
  UNSUPPORTED_MEDIA_TYPE: "turned-away",
  METHOD_NOT_ALLOWED: "turned-away",
  RATE_LIMITED: "again",
  OVERLOADED: "again",
  OUTCOME_UNKNOWN: "again",
  UNAVAILABLE: "again",
  INTERNAL: "stuck",
  NETWORK: "again",
  TIMEOUT: "again",
  ABORTED: "again",
};

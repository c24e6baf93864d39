import { DoorbusterError } from "../../sdk/errors.ts";

/**
 * Says to somebody whose session has ended what became of what they asked for last.
 *
 * @param last undefined where nothing was asked for
 */
export function signedOutWords(last: { readonly status: string; readonly error: unknown } | undefined): string {
  if (last?.status === "pending" || isUnknown(last?.error)) {
    return "You have been signed out. It is not known whether what you asked for last was done: look before you ask again.";
  }
  const isTurnedAway = last?.error instanceof DoorbusterError && last.error.code === "UNAUTHENTICATED";
  return isTurnedAway ? "You have been signed out. Nothing was done." : "You have been signed out.";
}

/** Whether what was asked for may have been done all the same. */
export function isUnknown(error: unknown): boolean {
  return error instanceof DoorbusterError && error.outcome === "unknown";
}

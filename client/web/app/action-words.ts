import { DoorbusterError } from "../../sdk/errors.ts";

/**
 * Says what is known of something that was asked for and failed.
 *
 * @param isLooking whether it is not known yet if it was done all the same
 */
export function actionWords(
  error: Error,
  { isLooking, isOffline }: { readonly isLooking: boolean; readonly isOffline: boolean },
): string {
  if (isLooking) {
    return isOffline
      ? "You are offline: the page looks as soon as you are back on the network."
      : "No answer came: the page is looking.";
  }
  // What the client says of such a failure is for programs, which ask again with its key.
  return isUnknown(error) ? "No answer came, and the shop does not show it. It may be asked for again." : error.message;
}

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

function isUnknown(error: unknown): boolean {
  return error instanceof DoorbusterError && error.outcome === "unknown";
}

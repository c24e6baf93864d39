import type { DoorbusterErrorCode } from "../../sdk/index.ts";

/**
 * Says why the page is trying again by itself, and when.
 *
 * @param delayMs until the next try; zero once it is under way
 */
export function retryWords({ reason, delayMs }: { reason: DoorbusterErrorCode; delayMs: number }): string {
  const seconds = Math.ceil(delayMs / 1_000);
  const next = seconds > 1 ? `trying again in ${seconds} s` : "trying again";
  switch (reason) {
    case "RATE_LIMITED":
      return `That was quicker than the shop allows; ${next}…`;
    case "OVERLOADED":
    case "LOCK_TIMEOUT":
      return `The crowd is large; ${next}…`;
    case "UNAVAILABLE":
      return `The shop is busy getting back on its feet; ${next}…`;
    case "TIMEOUT":
      return `The answer is taking long; ${next}…`;
    default:
      return `The connection was lost; ${next}…`;
  }
}

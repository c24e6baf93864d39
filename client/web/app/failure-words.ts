import { DoorbusterError } from "../../sdk/errors.ts";

/** Says why something could not be loaded, as far as it is known: the network, the shop, or its database. */
export function failureWords(error: unknown, isOffline: boolean): string {
  if (isOffline) return "You are offline: it comes by itself as soon as you are back.";
  if (!(error instanceof DoorbusterError)) return "The connection to the shop was lost: the page keeps trying.";
  switch (error.code) {
    case "NETWORK":
    case "TIMEOUT":
      return "The shop could not be reached over the network: the page keeps trying.";
    case "UNAVAILABLE":
      // What the shop itself answers has a reference; what stands before the shop knows of none.
      return error.requestId === undefined
        ? "The shop does not answer, and may be starting again: the page keeps trying."
        : "The shop’s database does not answer just now: the page keeps trying.";
    case "INTERNAL":
      return `The shop had a problem: the page keeps trying.${error.requestId === undefined ? "" : ` Reference ${error.requestId}.`}`;
    default:
      return error.message;
  }
}

import type { LineState } from "./line-states.ts";

/** What stands in the way of a line, before anything was asked of the shop; null where nothing does. */
export function shortageWords({ state, available, line }: LineState): string | null {
  switch (state) {
    case "unchecked":
    case "fine":
      return null;
    case "gone":
      return "No longer for sale.";
    case "short":
      if (available <= 0) return "Sold out.";
      return `Only ${available} left: ${line.quantity - available} too many.`;
    case "apart":
      if (available <= 0) return "Lies in another warehouse than the rest: order it by itself.";
      return `Only ${available} can come in one parcel with the rest.`;
    default:
      return state satisfies never;
  }
}

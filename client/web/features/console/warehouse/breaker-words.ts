import type { BreakerState } from "../../../../../shared/warehouse.ts";
import type { SignName, Tone } from "../tag.tsx";

/** What the breaker lets through, in words, a colour and a sign. */
export const BREAKER_WORDS: Record<BreakerState, BreakerLook> = {
  closed: { text: "Closed", meaning: "Calls to the warehouse go through.", tone: "good", sign: "closed" },
  "half-open": {
    text: "Half-open",
    meaning: "One call goes through, to see whether the warehouse answers again.",
    tone: "busy",
    sign: "half-open",
  },
  open: {
    text: "Open",
    meaning: "Too many calls failed. None is sent for now; what is sold waits, and nothing is lost.",
    tone: "bad",
    sign: "open",
  },
};

interface BreakerLook {
  readonly text: string;
  readonly meaning: string;
  readonly tone: Tone;
  readonly sign: Exclude<SignName, "turning">;
}

import type { ArrivalCurve, Rehearsal, RehearsalState } from "../../../../../shared/rehearsals.ts";
import type { SignName, Tone } from "../tag.tsx";

/** How buyers come, as one chooses it. */
export const ARRIVAL_WORDS: Record<ArrivalCurve, string> = {
  rush: "Rush: half in the first seventh",
  steady: "Steadily, start to end",
  waves: "Waves: at the start and half way",
};

export const STATE_WORDS: Record<RehearsalState, { text: string; tone: Tone; sign: SignName }> = {
  preparing: { text: "Preparing", tone: "busy", sign: "turning" },
  selling: { text: "Selling", tone: "busy", sign: "turning" },
  measuring: { text: "Measuring", tone: "busy", sign: "turning" },
  checking: { text: "Checking", tone: "busy", sign: "turning" },
  done: { text: "Done", tone: "plain", sign: "done" },
  stopped: { text: "Stopped", tone: "quiet", sign: "off" },
  failed: { text: "Failed", tone: "bad", sign: "failed" },
};

/** What it is doing, while it runs. */
export const DOING_WORDS: Partial<Record<RehearsalState, string>> = {
  preparing: "Makes a shop of its own, and buyers with money.",
  selling: "The crowd is buying.",
  measuring: "The crowd is gone. Measures how much this machine can carry.",
  checking: "Checks that nothing was lost, doubled or oversold.",
};

/** How it went, in two words and a colour. */
export function resultOf({ state, wentWell }: Pick<Rehearsal, "state" | "wentWell">) {
  if (state !== "done" || wentWell === null) return STATE_WORDS[state];
  return wentWell
    ? ({ text: "Went well", tone: "good", sign: "done" } as const)
    : ({ text: "Did not go well", tone: "bad", sign: "failed" } as const);
}

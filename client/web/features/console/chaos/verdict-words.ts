import type { Verdict } from "../../../../../shared/operations.ts";

/** What a run of faults comes to: the worst thing that can be said of it, first. */
export function verdictWords({ counts, agrees }: Pick<Verdict, "counts" | "agrees">): VerdictWords {
  if (counts === null) return { title: "Waiting for the warehouse", tone: "plain" };
  const { lost, doubled, waiting } = counts;
  if (lost > 0 || doubled > 0) return { title: "Something went wrong", tone: "bad" };
  if (agrees === false) return { title: "Shop and warehouse disagree", tone: "bad" };
  if (waiting > 0) return { title: "Still on its way", tone: "plain" };
  return { title: "Everything exactly once", tone: "good" };
}

export interface VerdictWords {
  readonly title: string;
  readonly tone: "good" | "bad" | "plain";
}

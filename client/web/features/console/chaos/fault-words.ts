import type { ChaosFault } from "../../../../../shared/operations.ts";

/** What each fault does to the warehouse, in words. */
export const FAULT_WORDS: Record<ChaosFault, FaultWords> = {
  latency: {
    name: "Slow answers",
    meaning: "The warehouse thinks before it works.",
    hasRate: true,
  },
  errors: {
    name: "Errors",
    meaning: "It answers that it cannot, before it has done anything.",
    hasRate: true,
  },
  refuse: {
    name: "Cut connections",
    meaning: "It takes every call and hangs up without an answer, as if it had died. Its port stays open.",
    hasRate: true,
  },
  crash: {
    name: "Crash",
    meaning: "Its process dies once, when a dispatch is on disk and not yet answered. It is started again.",
    hasRate: false,
  },
};

interface FaultWords {
  readonly name: string;
  readonly meaning: string;
  /** Whether it can hit a share of the calls. */
  readonly hasRate: boolean;
}

import type { ChaosFault } from "../../../../../shared/operations.ts";

/** What each fault does to the warehouse, in words. */
export const FAULT_WORDS: Record<ChaosFault, FaultWords> = {
  latency: {
    name: "Slow answers",
    meaning: "Each answer is late by the chosen time.",
    hasRate: true,
  },
  errors: {
    name: "Errors",
    meaning: "Calls fail with an error before anything is done.",
    hasRate: true,
  },
  refuse: {
    name: "Cut connections",
    meaning: "Connections are accepted and closed without an answer. The port stays open.",
    hasRate: true,
  },
  crash: {
    name: "Crash",
    meaning: "The process is killed once, after a dispatch is stored and before it is answered, and restarted.",
    hasRate: false,
  },
};

interface FaultWords {
  readonly name: string;
  readonly meaning: string;
  /** Whether it can hit a share of the calls. */
  readonly hasRate: boolean;
}

/** Answers by what they said, as the chart draws them and its legend names them. */
export const ANSWERS = [
  { key: "purchased", words: "Purchases", colour: "var(--color-good)", sign: "bg-good" },
  { key: "refused", words: "Refused", colour: "var(--color-hot)", sign: "bg-hot" },
  { key: "faults", words: "Not decided", colour: "var(--color-edge)", sign: "bg-edge" },
] as const;

export const LATENCIES = [
  { key: "p50Ms", words: "Half within", colour: "var(--color-good)", sign: "bg-good" },
  { key: "p99Ms", words: "99 of 100 within", colour: "var(--color-hot)", sign: "bg-hot" },
] as const;

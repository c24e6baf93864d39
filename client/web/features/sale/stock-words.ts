/** How an item's stock is told: in words, in a colour, and as a bar. */
export interface StockWords {
  readonly text: string;
  /** `low` and `last` are in the warning colour. */
  readonly level: "plenty" | "low" | "last" | "gone";
  /** What the bar is filled to, from 0 to 1. */
  readonly fraction: number;
}

/** "37 of 100 left", "Only 3 of 100 left", "Last one", "Sold out". */
export function stockWords({ remaining, allotted }: { remaining: number; allotted: number }): StockWords {
  const fraction = allotted > 0 ? Math.min(1, Math.max(0, remaining / allotted)) : 0;
  if (remaining <= 0) return { text: "Sold out", level: "gone", fraction: 0 };
  const count = `${NUMBER.format(remaining)} of ${NUMBER.format(allotted)} left`;
  if (remaining === 1 && allotted > 1) return { text: `Last one · ${count}`, level: "last", fraction };
  if (fraction <= LOW_FRACTION) return { text: `Only ${count}`, level: "low", fraction };
  return { text: count, level: "plenty", fraction };
}

/** A fifth: late enough to mean something, early enough to act on. */
const LOW_FRACTION = 0.2;

const NUMBER = new Intl.NumberFormat("en");

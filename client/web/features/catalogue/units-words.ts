/** How many units there are, in words and in a colour. */
export interface UnitsWords {
  readonly text: string;
  /** `low` is in the warning colour. */
  readonly level: "plenty" | "low" | "gone";
}

/** "In stock", "Only 3 left", "Last one", "Sold out". */
export function unitsWords(units: number): UnitsWords {
  if (units <= 0) return { text: "Sold out", level: "gone" };
  if (units === 1) return { text: "Last one", level: "low" };
  if (units <= LOW_UNITS) return { text: `Only ${units} left`, level: "low" };
  return { text: "In stock", level: "plenty" };
}

/** So few that somebody else may be quicker. */
const LOW_UNITS = 5;

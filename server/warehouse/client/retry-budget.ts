/**
 * How many retries may go out: a few at any time, and beyond them one for every ten calls. When the warehouse is down,
 * retries then add a tenth to its load instead of multiplying it.
 */
export class RetryBudget {
  #tenths = RESERVE * TENTHS;

  /** A call went out for the first time. */
  earn(): void {
    this.#tenths = Math.min(RESERVE * TENTHS, this.#tenths + 1);
  }

  /** @returns whether a retry may go out; it has been paid for then */
  spend(): boolean {
    if (this.#tenths < TENTHS) return false;
    this.#tenths -= TENTHS;
    return true;
  }
}

/** The first few: three calls with all their retries, and one more. */
export const RESERVE = 10;

/** Counted in tenths of a retry, since tenths do not add up exactly as fractions. */
const TENTHS = 10;

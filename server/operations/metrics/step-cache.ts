/**
 * Counts by steps of time, of rows that are only ever added. A step that is over for a while changes no more and is counted
 * once. What is missing is counted from the newest step backwards, in portions that grow, until the time for one answer is
 * up: after a great sale the first answers reach back less far than later ones.
 */
export class StepCache<Counts> {
  readonly #count: CountSteps<Counts>;
  readonly #none: Counts;
  /** By the number of the step: its beginning in units of STEP_MS. */
  readonly #over = new Map<number, Counts>();

  /** @param none what a step counts in which nothing happened */
  constructor(count: CountSteps<Counts>, none: Counts) {
    this.#count = count;
    this.#none = none;
  }

  /**
   * @param now the last step: that of the present moment
   * @returns the counts of the latest steps, the newest first; fewer than STEPS where there was not the time
   */
  async read(now: number, budgetMs: number): Promise<Counts[]> {
    const oldest = now - STEPS + 1;
    for (const step of this.#over.keys()) if (step < oldest) this.#over.delete(step);
    const startedAt = performance.now();
    const read: Counts[] = [];
    // The newest ones may still get rows, so they are always counted.
    let portion = UNSETTLED_STEPS;
    for (let newest = now; newest >= oldest; ) {
      const known = this.#over.get(newest);
      if (known !== undefined) {
        read.push(known);
        newest--;
        continue;
      }
      if (newest !== now && performance.now() - startedAt > budgetMs) break;
      let from = newest;
      while (from > oldest && newest - from + 1 < portion && !this.#over.has(from - 1)) from--;
      const counted = await this.#count(from, newest);
      for (let step = newest; step >= from; step--) {
        const counts = counted.get(step) ?? this.#none;
        if (step <= now - UNSETTLED_STEPS) this.#over.set(step, counts);
        read.push(counts);
      }
      newest = from - 1;
      portion *= 2;
    }
    return read;
  }
}

/** Counts what happened from one step to another, both included. Steps without anything may be left out. */
export type CountSteps<Counts> = (from: number, to: number) => Promise<Map<number, Counts>>;

export const STEP_MS = 5_000;

/** Ten minutes. */
export const STEPS = 120;

/** A transaction takes at most 10 s, and its rows can be seen only after that: this many steps may still get some. */
export const UNSETTLED_STEPS = 4;

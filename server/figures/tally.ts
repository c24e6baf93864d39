/**
 * Adds up the attempts of one sale from what is read again and again: all of it once, and what may still change every time.
 *
 *   ──final: read once──▶ F ──recent: counted so far, and what is not counted yet──▶ now
 *
 * In a crowd not all that is not counted yet is read every time, only the newest of it. So of a recent second each read may
 * show less than there is, and never more: the most that was ever seen of it counts, until it is final.
 */
export class Tally {
  readonly stepSeconds: number;
  /** In seconds since 1970: what was decided before is final. */
  #finalUntil = 0;
  readonly #final = new Map<string, Cell>();
  readonly #recent = new Map<string, Cell>();

  /** @param stepSeconds what is final is kept in steps of so many */
  constructor(stepSeconds: number) {
    this.stepSeconds = stepSeconds;
  }

  get finalUntil(): number {
    return this.#finalUntil;
  }

  /**
   * @param read.counted from `finalUntil` of this tally on: each second, or each step where all of it is final
   * @param read.uncounted what is not among it, second by second
   */
  add({ finalUntil, counted, uncounted }: TallyRead): void {
    const recent = new Map<string, Cell>();
    for (const cell of counted) {
      if (cell.at < finalUntil) this.#addFinal(cell);
      else recent.set(keyOf(cell), cell);
    }
    for (const cell of uncounted) {
      if (cell.at >= finalUntil) recent.set(keyOf(cell), sum(recent.get(keyOf(cell)), cell));
    }
    for (const [key, cell] of recent) {
      const known = this.#recent.get(key);
      if (!known || known.attempts < cell.attempts) this.#recent.set(key, cell);
    }
    for (const [key, { at }] of this.#recent) if (at < finalUntil) this.#recent.delete(key);
    this.#finalUntil = finalUntil;
  }

  /** Everything, in no order: by steps or by seconds, one or several of an item, a step and an outcome. */
  *cells(): Generator<Cell> {
    yield* this.#final.values();
    yield* this.#recent.values();
  }

  /** Of single seconds: what is not final, and a little of what is not. */
  recent(): Iterable<Cell> {
    return this.#recent.values();
  }

  #addFinal(cell: Cell): void {
    const at = cell.at - (cell.at % this.stepSeconds);
    const key = keyOf({ ...cell, at });
    this.#final.set(key, sum(this.#final.get(key), { ...cell, at }));
  }
}

export interface TallyRead {
  readonly finalUntil: number;
  readonly counted: readonly Cell[];
  readonly uncounted: readonly Cell[];
}

/** Attempts at one item with one outcome, of one second or step. */
export interface Cell {
  readonly itemId: number;
  /** Its beginning, in seconds since 1970. */
  readonly at: number;
  /** `PURCHASED`, or the code of the refusal. */
  readonly outcome: string;
  readonly attempts: number;
  readonly units: number;
  readonly amountCents: number;
}

function keyOf({ itemId, at, outcome }: Cell): string {
  return `${itemId} ${at} ${outcome}`;
}

function sum(a: Cell | undefined, b: Cell): Cell {
  if (!a) return b;
  return {
    ...b,
    attempts: a.attempts + b.attempts,
    units: a.units + b.units,
    amountCents: a.amountCents + b.amountCents,
  };
}

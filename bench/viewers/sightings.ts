/**
 * Who has seen what: for each number of units that remain, how many viewers have seen it or a later one, and when the
 * last of them did. A viewer that is slow gets the newest update only, and has then seen all those that it missed.
 */
export class Sightings {
  readonly #newest: Int32Array;
  #seen = new Map<number, Sighting>();
  /** Updates that showed more units than an earlier one of the same stream. */
  wentBack = 0;

  constructor(viewers: number) {
    this.#newest = new Int32Array(viewers).fill(NOTHING);
  }

  saw(viewer: number, remaining: number, atMs: number): void {
    const before = this.#newest[viewer] ?? NOTHING;
    this.#newest[viewer] = remaining;
    if (before === NOTHING) return;
    if (remaining > before) this.wentBack += 1;
    for (let each = before - 1; each >= remaining; each--) {
      const sighting = this.#seen.get(each);
      if (sighting) {
        sighting.viewers += 1;
        sighting.lastAtMs = atMs;
      } else this.#seen.set(each, { remaining: each, viewers: 1, firstAtMs: atMs, lastAtMs: atMs });
    }
  }

  /** How many viewers have seen anything at all. */
  get watching(): number {
    return this.#newest.reduce((count, remaining) => (remaining === NOTHING ? count : count + 1), 0);
  }

  /** How many viewers have not yet seen that so few remain. */
  behind(remaining: number): number {
    return this.#newest.reduce((count, each) => (each === NOTHING || each > remaining ? count + 1 : count), 0);
  }

  /** All that was seen since this was asked last. */
  take(): Sighting[] {
    const seen = [...this.#seen.values()];
    this.#seen = new Map();
    return seen;
  }
}

const NOTHING = -1;

export interface Sighting {
  readonly remaining: number;
  viewers: number;
  /** By the system's clock. */
  readonly firstAtMs: number;
  lastAtMs: number;
}

import type { Database } from "../database/database.ts";
import { persist } from "./persist.ts";
import { type Settlement, settle, settledAlready } from "./settle.ts";

/**
 * Attempts that have ended and are to be stored. While two sets commit the next one forms, so that many attempts share a
 * transaction and a lone one does not wait.
 *
 *   waiting ──▶ storing ──▶ stored | lost
 *                 │
 *                 └── a set that fails on its data is split in halves, down to one: neighbours do not suffer
 *
 * While the database is away, sets are kept and tried again. The line is as long as there are attempts at a time.
 */
export class SettleLine {
  readonly #options: SettleLineOptions;
  #waiting: Waiting[] = [];
  #storing = 0;
  #isStarting = false;

  constructor(options: SettleLineOptions) {
    this.#options = options;
  }

  /**
   * @returns whether it was stored; false when the lease was lost
   * @throws what the database says of this one alone; whatever keeps it away when the line is given up
   */
  settle(settlement: Settlement): Promise<boolean> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ settlement, resolve, reject });
      if (this.#storing >= SETS_AT_A_TIME || this.#isStarting) return;
      this.#isStarting = true;
      // Not in this very moment: attempts that end together are stored together.
      setImmediate(() => this.#start());
    });
  }

  #start(): void {
    this.#isStarting = false;
    while (this.#storing < SETS_AT_A_TIME && this.#waiting.length > 0) void this.#storeOn();
  }

  async #storeOn(): Promise<void> {
    this.#storing++;
    while (this.#waiting.length > 0) await this.#store(this.#waiting.splice(0, SET_MAX));
    this.#storing--;
  }

  /** Never rejects. */
  async #store(set: readonly Waiting[]): Promise<void> {
    const { database, worker, signal, onTrouble } = this.#options;
    const settlements = set.map(({ settlement }) => settlement);
    try {
      const stored = await persist(
        async (isDoubtful) => {
          const moved = await settle(database, worker, settlements);
          if (!isDoubtful) return moved;
          const rest = settlements.filter(({ task }) => !moved.has(task.id));
          return new Set([...moved, ...(await settledAlready(database, rest))]);
        },
        { signal, onTrouble },
      );
      for (const { settlement, resolve } of set) resolve(stored.has(settlement.task.id));
    } catch (error) {
      if (set.length === 1 || signal.aborted) {
        for (const { reject } of set) reject(error);
        return;
      }
      const middle = Math.ceil(set.length / 2);
      await this.#store(set.slice(0, middle));
      await this.#store(set.slice(middle));
    }
  }
}

export interface SettleLineOptions {
  readonly database: Database;
  readonly worker: string;
  /** Aborted when nothing is to be waited for any more. */
  readonly signal: AbortSignal;
  readonly onTrouble: (error: unknown) => void;
}

interface Waiting {
  readonly settlement: Settlement;
  readonly resolve: (stored: boolean) => void;
  readonly reject: (error: unknown) => void;
}

/** Larger sets take no less time for each, and hold their rows for longer. */
const SET_MAX = 500;

/** One works in the database while the other is written and read here. */
const SETS_AT_A_TIME = 2;

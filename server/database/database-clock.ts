/**
 * The database's clock as this process knows it, for times that are made before a statement is: ids, ends of sessions and
 * of faults. Every connection that is opened tells the time, so it is right to what an answer takes, whatever this machine's
 * own clock says or is set to. What decides about money or stock reads the time in its own transaction (`clock.ts`).
 */
class DatabaseClock {
  #offsetMs: number | undefined;

  /** Takes note of a time that the database just answered, in ms since 1970. */
  observe(databaseMs: number): void {
    if (Number.isFinite(databaseMs)) this.#offsetMs = databaseMs - performance.now();
  }

  /** Whether it was ever heard. */
  get isKnown(): boolean {
    return this.#offsetMs !== undefined;
  }

  /** Milliseconds since 1970; by this machine's clock until the database was heard. */
  nowMs(): number {
    return this.#offsetMs === undefined ? Date.now() : Math.round(performance.now() + this.#offsetMs);
  }

  /** How far this machine's clock is ahead of the database's; negative when it is behind. */
  machineAheadMs(): number {
    return Date.now() - this.nowMs();
  }
}

export const databaseClock = new DatabaseClock();

/**
 * Does work for whatever was marked: at once when nothing was done for a while, and then at most once an interval, for
 * everything that was marked in the meantime together. The work never runs twice at a time; what is marked while it
 * runs, is worked on again.
 *
 *   idle ──mark──▶ due ──▶ working ──settled, interval over──▶ idle, or due again when something was marked
 *
 * What is held is bounded by the number of different keys.
 */
export class Coalescer<Key> {
  readonly #work: (keys: Key[]) => Promise<void>;
  readonly #intervalMs: number;
  #marked = new Set<Key>();
  #busy = false;
  #closed = false;
  #running: Promise<unknown> = Promise.resolve();

  /** @param work must not throw: nobody is there to hear it */
  constructor(work: (keys: Key[]) => Promise<void>, { intervalMs }: { intervalMs: number }) {
    this.#work = work;
    this.#intervalMs = intervalMs;
  }

  mark(key: Key): void {
    if (this.#closed) return;
    this.#marked.add(key);
    if (this.#busy) return;
    this.#busy = true;
    // Not in this very moment, so that what is marked in one go is one piece of work.
    queueMicrotask(() => this.#run());
  }

  /** Drops what is marked and waits for the work under way. */
  async close(): Promise<void> {
    this.#closed = true;
    this.#marked.clear();
    await this.#running;
  }

  #run(): void {
    if (this.#marked.size === 0) {
      this.#busy = false;
      return;
    }
    const keys = [...this.#marked];
    this.#marked = new Set();
    this.#running = this.#work(keys);
    void Promise.all([this.#running, pause(this.#intervalMs)]).then(() => this.#run());
  }
}

/** Does not keep the process alive. */
function pause(ms: number): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, ms).unref();
  });
}

/**
 * A mailbox with one place: what is put in takes the place of what was not yet taken out. So a reader that is slower
 * than the writer misses what is out of date, never the newest, and holds no memory.
 */
export class NewestOnly<Value> implements AsyncIterator<Value, undefined> {
  #waiting: ((result: IteratorResult<Value, undefined>) => void) | undefined;
  #newest: { value: Value } | undefined;
  #ended = false;

  put(value: Value): void {
    if (this.#ended) return;
    if (this.#waiting) this.#answer({ done: false, value });
    else this.#newest = { value };
  }

  /** What lies in the mailbox is dropped; a reader that waits is let go. */
  end(): void {
    this.#ended = true;
    this.#newest = undefined;
    this.#answer({ done: true, value: undefined });
  }

  next(): Promise<IteratorResult<Value, undefined>> {
    if (this.#ended) return Promise.resolve({ done: true, value: undefined });
    const newest = this.#newest;
    if (newest) {
      this.#newest = undefined;
      return Promise.resolve({ done: false, value: newest.value });
    }
    // One reader at a time: an earlier call that still waits is let go.
    this.#answer({ done: true, value: undefined });
    return new Promise((resolve) => {
      this.#waiting = resolve;
    });
  }

  #answer(result: IteratorResult<Value, undefined>): void {
    const waiting = this.#waiting;
    this.#waiting = undefined;
    waiting?.(result);
  }
}

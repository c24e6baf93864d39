/** Calls that somebody waits for. Waiting ends when the call does, when the caller's signal aborts, and when all end. */
export class InFlight {
  readonly #waiting = new Set<(reason: unknown) => void>();
  #closed: Error | undefined;

  /** Leaves no listener behind, however often one signal is waited with. */
  until<T>(result: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
    return new Promise((resolve, reject) => {
      const onAbort = () => reject(signal?.reason);
      const done = () => {
        this.#waiting.delete(reject);
        signal?.removeEventListener("abort", onAbort);
      };
      result.then(resolve, reject).finally(done);
      if (this.#closed) reject(this.#closed);
      if (signal?.aborted) onAbort();
      this.#waiting.add(reject);
      signal?.addEventListener("abort", onAbort);
    });
  }

  /** @throws the reason of the end */
  throwIfClosed(): void {
    if (this.#closed) throw this.#closed;
  }

  /** Ends all waiting, from now on too. */
  close(reason: Error): void {
    this.#closed = reason;
    for (const reject of this.#waiting) reject(reason);
    this.#waiting.clear();
  }
}

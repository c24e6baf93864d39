/** Counts what is under way, and tells when nothing is any more. */
export class UnderWay {
  #count = 0;
  #onIdle: () => void = () => {};

  get count(): number {
    return this.#count;
  }

  begin(): void {
    this.#count += 1;
  }

  end(): void {
    this.#count -= 1;
    if (this.#count === 0) this.#onIdle();
  }

  /** One at a time may wait. @returns false when something is still under way after `ms` */
  async drain(ms?: number): Promise<boolean> {
    if (this.#count === 0) return true;
    const { promise, resolve } = Promise.withResolvers<boolean>();
    this.#onIdle = () => resolve(true);
    const timer = ms === undefined ? undefined : setTimeout(() => resolve(false), ms);
    const isIdle = await promise;
    clearTimeout(timer);
    return isIdle;
  }
}

/** Waits that others can end early: a call that comes while nobody waits ends the next wait at once. */
export class Nudge {
  #isPending = false;
  #end: (() => void) | undefined;

  nudge(): void {
    this.#isPending = true;
    this.#end?.();
  }

  /** Resolves when it is nudged, or after `ms`. */
  async wait(ms: number): Promise<void> {
    if (!this.#isPending) {
      const { promise, resolve } = Promise.withResolvers<void>();
      this.#end = resolve;
      const timer = setTimeout(resolve, ms);
      await promise;
      clearTimeout(timer);
      this.#end = undefined;
    }
    this.#isPending = false;
  }
}

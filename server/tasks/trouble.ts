/** Tells of a trouble that lasts once, however often it is met, until things go well again. */
export class Trouble {
  readonly #onError: (error: unknown) => void;
  #failures = 0;

  constructor(onError: (error: unknown) => void) {
    this.#onError = onError;
  }

  /** @returns how many times it was met in a row */
  met(error: unknown): number {
    if (this.#failures++ === 0) this.#onError(error);
    return this.#failures;
  }

  over(): void {
    this.#failures = 0;
  }
}

import type { RunOptions, StatementResult } from "./connection.ts";
import { toParameter } from "./values.ts";

/** What the driver's `sql.unsafe()` answers, as far as Drizzle uses it: runs when it is awaited. */
export class StatementQuery implements PromiseLike<StatementResult> {
  readonly #run: (asArrays: boolean) => Promise<StatementResult>;
  #asArrays = false;

  constructor(
    text: string,
    params: readonly unknown[],
    options: { prepare?: boolean },
    run: (text: string, params: (string | null)[], options: RunOptions) => Promise<StatementResult>,
  ) {
    this.#run = async (asArrays) => run(text, params.map(toParameter), { prepare: options.prepare ?? false, asArrays });
  }

  /** Rows as arrays of columns. */
  values(): this {
    this.#asArrays = true;
    return this;
  }

  // biome-ignore lint/suspicious/noThenProperty: awaiting it is what runs it, as with the driver's own queries
  then<A, B>(
    onDone?: ((rows: StatementResult) => A | PromiseLike<A>) | null,
    onError?: ((error: unknown) => B | PromiseLike<B>) | null,
  ): Promise<A | B> {
    return this.#run(this.#asArrays).then(onDone, onError) as Promise<A | B>;
  }
}

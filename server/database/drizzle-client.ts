import type { RunOptions, StatementResult } from "./connection.ts";
import { ConnectionLostError, DatabaseError, DeadlineError, UnknownOutcomeError } from "./errors.ts";
import { type ConnectionSource, runTransaction, type TransactionAttempt } from "./run-transaction.ts";
import { sqlStateOf } from "./sqlstate.ts";
import { StatementQuery } from "./statement-query.ts";
import type { Transaction } from "./transaction.ts";
import { type TransactionOptions, withRetries } from "./with-transaction.ts";

/** What holds for every transaction that says nothing else. */
export type TransactionDefaults = TransactionOptions & { readonly deadlineMs: number };

/**
 * What Drizzle is given in place of the driver's client. A statement outside a transaction runs as a transaction of its
 * own, sent whole in one go: BEGIN, the statement, COMMIT.
 */
export class DrizzleClient {
  readonly options: unknown;
  readonly #source: ConnectionSource;
  readonly #defaults: TransactionDefaults;
  readonly #onRetry: () => void;
  #next: TransactionAttempt | undefined;

  constructor(source: ConnectionSource, defaults: TransactionDefaults, onRetry: () => void = () => {}) {
    this.#source = source;
    this.#onRetry = onRetry;
    this.#defaults = defaults;
    this.options = source.driverOptions;
  }

  unsafe(text: string, params: unknown[] = [], options: { prepare?: boolean } = {}): StatementQuery {
    return new StatementQuery(text, params, options, (...statement) => this.#runAlone(...statement));
  }

  /** Drizzle calls it for `db.transaction()`. */
  begin<T>(work: (transaction: Transaction) => Promise<T>): Promise<T> {
    const attempt = this.#next ?? { ...this.#defaults, deadlineAt: performance.now() + this.#defaults.deadlineMs };
    return runTransaction(this.#source, attempt, work);
  }

  /**
   * Gives the options of the transaction that `start` begins. Drizzle has no way to hand them on, but it calls `begin`
   * before `db.transaction()` returns.
   */
  beginsWith<T>(attempt: TransactionAttempt, start: () => T): T {
    this.#next = attempt;
    try {
      return start();
    } finally {
      this.#next = undefined;
    }
  }

  async #runAlone(text: string, params: (string | null)[], options: RunOptions): Promise<StatementResult> {
    const send = (transaction: Transaction) => transaction.finish(() => transaction.run(text, params, options));
    try {
      return await withRetries(this.#defaults, (attempt) => runTransaction(this.#source, attempt, send), this.#onRetry);
    } catch (error) {
      if (!(error instanceof UnknownOutcomeError)) throw error;
      if (error.cause instanceof DeadlineError) throw error.cause;
      if (!(error.cause instanceof DatabaseError || sqlStateOf(error.cause))) throw error.cause;
      throw new ConnectionLostError("the connection ended before the statement was answered", { cause: error });
    }
  }
}

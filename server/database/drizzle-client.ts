import type { Connection, RunOptions, StatementResult } from "./connection.ts";
import type { ConnectionPool } from "./connection-pool.ts";
import { ConnectionLostError, DatabaseError, DeadlineError, UnknownOutcomeError } from "./errors.ts";
import { runTransaction, type TransactionOptions } from "./run-transaction.ts";
import { sqlStateOf } from "./sqlstate.ts";
import { type Transaction, type UnsafeQuery, unsafeQuery } from "./transaction.ts";

/**
 * What Drizzle is given in place of the driver's client. A statement outside a transaction runs as a transaction of its
 * own, sent whole in one go: BEGIN, the statement, COMMIT.
 */
export class DrizzleClient {
  /** Drizzle asks its client for the value rules here. */
  readonly options: unknown;
  /** Transactions that were retried since the start. */
  retries = 0;
  readonly #pool: ConnectionPool;
  readonly #defaults: TransactionOptions;
  #next: TransactionOptions;

  constructor(pool: ConnectionPool, driverOptions: Connection["driverOptions"], defaults: TransactionOptions) {
    this.#pool = pool;
    this.options = driverOptions;
    this.#defaults = defaults;
    this.#next = defaults;
  }

  /** Drizzle's way to run a statement. */
  unsafe(text: string, params: unknown[] = []): UnsafeQuery {
    return unsafeQuery(text, params, (...statement) => this.#runAlone(...statement));
  }

  /** Drizzle calls it for `db.transaction()`. */
  begin<T>(work: (transaction: Transaction) => Promise<T>): Promise<T> {
    return this.#run(this.#next, work);
  }

  /**
   * Gives the options of the transaction that `start` begins. Drizzle has no way to hand them on, but it calls `begin`
   * before `db.transaction()` returns.
   */
  beginsWith<T>(options: TransactionOptions, start: () => T): T {
    this.#next = { ...this.#defaults, ...options };
    try {
      return start();
    } finally {
      this.#next = this.#defaults;
    }
  }

  #run<T>(options: TransactionOptions, work: (transaction: Transaction) => Promise<T>): Promise<T> {
    return runTransaction(this.#pool, options, work, () => void this.retries++);
  }

  async #runAlone(text: string, params: (string | null)[], options: RunOptions): Promise<StatementResult> {
    try {
      return await this.#run(this.#defaults, (transaction) =>
        transaction.commit(() => transaction.run(text, params, options)),
      );
    } catch (error) {
      if (!(error instanceof UnknownOutcomeError)) throw error;
      if (error.cause instanceof DeadlineError) throw error.cause;
      if (!(error.cause instanceof DatabaseError || sqlStateOf(error.cause))) throw error.cause;
      throw new ConnectionLostError("the connection ended before the statement was answered", { cause: error });
    }
  }
}

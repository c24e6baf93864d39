import type { ExtractTablesWithRelations } from "drizzle-orm";
import type { PostgresJsSession, PostgresJsTransaction } from "drizzle-orm/postgres-js";
import type * as schema from "../../drizzle/schema/index.ts";
import type { Connection, Row, RunOptions, StatementResult } from "./connection.ts";
import { DatabaseError, RolledBackError, UnknownOutcomeError } from "./errors.ts";
import type { Statement } from "./prepared-statement.ts";
import { isConnectionState, SQL_STATE, sqlStateOf } from "./sqlstate.ts";
import { toParameter } from "./values.ts";

export type { Row } from "./connection.ts";

/** A transaction, as the functions that need one take it: first and required. */
export type Tx = PostgresJsTransaction<typeof schema, ExtractTablesWithRelations<typeof schema>>;

/**
 * Sends several statements in one round trip on the transaction's own connection and answers their rows, in order. Each
 * text is prepared once per connection: the first time costs two round trips a statement.
 *
 * Values follow the rules of `values.ts`: arrays are PostgreSQL arrays (`unnest($1::uuid[])`), bigint columns arrive as
 * numbers, timestamps as strings; names of columns are those of the SQL.
 *
 * The statements run one after the other; after one that fails the rest fail too, with the transaction.
 *
 * @throws the error of the first statement that failed
 */
export async function pipeline(tx: Tx, statements: readonly Statement[]): Promise<Row[][]> {
  return transactionOf(tx).runAll(statements);
}

/**
 * `pipeline` for the last statements of a transaction: COMMIT travels with them, which saves its round trip. A statement
 * that fails turns COMMIT into ROLLBACK. Call it as the last act of the transaction's work; when it has answered, the
 * transaction is committed, and whatever the work still throws does not undo it.
 *
 * @throws as `pipeline`; UnknownOutcomeError when the connection ended
 */
export async function pipelineAndCommit(tx: Tx, statements: readonly Statement[]): Promise<Row[][]> {
  const transaction = transactionOf(tx);
  return transaction.commit(() => transaction.runAll(statements), COMMIT_AT_ONCE);
}

function transactionOf(tx: Tx): Transaction {
  const client: unknown = (tx._.session as unknown as PostgresJsSession<never, never, never>).client;
  if (client instanceof Transaction) return client;
  throw new TypeError("pipeline() needs a transaction that was begun on a Database");
}

export type IsolationLevel = "read committed" | "repeatable read" | "serializable";

export interface TransactionMode {
  readonly isolation?: IsolationLevel;
  readonly readOnly?: boolean;
  /**
   * Keeps the plan of each prepared statement for as long as its connection lives, where PostgreSQL would weigh again each
   * time whether to make a new one. Only for statements whose plan is right whatever is in the tables.
   */
  readonly keepPlans?: boolean;
  /** The longest that one statement may take, where it is less than the session's own limit. */
  readonly statementMsMax?: number;
}

/**
 * One transaction on one connection, and the client that Drizzle runs it on.
 *
 *   begun ──▶ committing ──▶ over
 *     └────▶ rolling back ──▶ over
 *
 * BEGIN is sent without waiting for its answer: it travels with the first statements. COMMIT counts as success only when
 * PostgreSQL answers with the words COMMIT; a transaction in which a statement failed is answered ROLLBACK.
 */
export class Transaction {
  readonly #connection: Connection;
  readonly #readOnly: boolean;
  #state: "begun" | "committing" | "over" = "begun";
  #beginError: unknown;
  #firstError: unknown;
  #committed = false;
  #savepoints = 0;

  constructor(connection: Connection, mode: TransactionMode) {
    this.#connection = connection;
    this.#readOnly = mode.readOnly ?? false;
    connection.run(beginText(mode)).catch((error: unknown) => {
      this.#beginError = error;
    });
  }

  /** Drizzle asks its client for the value rules here. */
  get options(): unknown {
    return this.#connection.driverOptions;
  }

  /** Whether COMMIT has been sent: from then on a lost connection leaves the outcome unknown. */
  get commitSent(): boolean {
    return this.#state !== "begun";
  }

  get committed(): boolean {
    return this.#committed;
  }

  /** Runs one statement of the transaction. Parameters are text already. */
  async run(text: string, params: (string | null)[], options?: RunOptions): Promise<StatementResult> {
    if (this.#state !== "begun") throw new DatabaseError("a statement was sent after its transaction had ended");
    return this.#answered(this.#connection.run(text, params, options));
  }

  /** Runs prepared statements in one round trip. */
  async runAll(statements: readonly Statement[]): Promise<Row[][]> {
    const bound = statements.map(({ text, params }) => ({ text, params: params.map(toParameter) }));
    return Promise.all(bound.map(({ text, params }) => this.run(text, params, { prepare: true })));
  }

  /** Drizzle's way to run a statement. */
  unsafe(text: string, params: unknown[] = []): UnsafeQuery {
    return unsafeQuery(text, params, (...statement) => this.run(...statement));
  }

  /** Drizzle's way to nest: undoes `work`, and only that, when it throws. */
  async savepoint<T>(work: (client: Transaction) => Promise<T>): Promise<T> {
    const name = `s${++this.#savepoints}`;
    const made = this.run(`savepoint ${name}`, []);
    made.catch(() => {});
    const errorBefore = this.#firstError;
    try {
      const result = await work(this);
      await made;
      await this.run(`release savepoint ${name}`, []);
      return result;
    } catch (error) {
      // Where this fails too, the whole transaction has failed, and COMMIT will be answered by ROLLBACK.
      const undone = await this.run(`rollback to savepoint ${name}`, []).catch(() => undefined);
      if (undone) this.#firstError = errorBefore;
      throw error;
    }
  }

  /**
   * Sends the last statements and COMMIT in one go, and answers when both are done. A statement that fails turns COMMIT
   * into ROLLBACK, so this is as safe as waiting in between; but what the statements answer can no longer be acted on.
   * Does nothing when the transaction is committed already.
   *
   * @param commit `COMMIT_AT_ONCE` where others wait for what the transaction has locked
   * @throws RolledBackError when a statement had failed before
   * @throws UnknownOutcomeError when no answer came
   */
  async commit(): Promise<void>;
  async commit<T>(sendLast: () => Promise<T>, commit?: string): Promise<T>;
  async commit(sendLast: () => Promise<unknown> = async () => {}, commit = "commit"): Promise<unknown> {
    if (this.#committed) return;
    // Nothing will be sent, so nothing can be unknown.
    if (this.#connection.lostWith) throw this.#connection.lostWith;
    if (this.#beginError) throw this.#beginError;
    const sent = sendLast();
    sent.catch(() => {});
    // The driver is given a statement one microtask after it was asked for; COMMIT must come behind it.
    this.#state = "committing";
    const committed = this.#commitAnswered(this.#connection.run(commit));
    committed.catch(() => {});
    try {
      const result = await sent;
      await committed;
      return result;
    } catch (error) {
      await committed.catch((commitError: unknown) => {
        if (commitError instanceof UnknownOutcomeError) throw commitError;
      });
      if (!this.#committed) throw error;
      throw new UnknownOutcomeError("the transaction was committed, but its answer could not be read", {
        cause: error,
      });
    }
  }

  /** Undoes everything. A lost connection gets none: its server has done so. */
  async rollback(): Promise<void> {
    if (this.#connection.lostWith || this.#state === "over") return;
    this.#state = "over";
    await this.#connection.run("rollback");
  }

  async #answered(running: Promise<StatementResult>): Promise<StatementResult> {
    try {
      const rows = await running;
      if (this.#beginError) throw this.#beginError;
      return rows;
    } catch (error) {
      // Whatever failed after a failed BEGIN failed because of it.
      const reason = this.#beginError ?? error;
      this.#firstError ??= reason;
      throw reason;
    }
  }

  async #commitAnswered(running: Promise<StatementResult>): Promise<void> {
    let command: string | null;
    try {
      ({ command } = await running);
    } catch (error) {
      throw this.#commitError(error);
    } finally {
      this.#state = "over";
    }
    if (this.#beginError) throw this.#beginError;
    if (command !== "COMMIT") {
      throw new RolledBackError("the transaction was rolled back because a statement in it had failed", {
        cause: this.#firstError,
      });
    }
    this.#committed = true;
  }

  #commitError(error: unknown): unknown {
    // Nothing was to be changed, so nothing can be unknown.
    if (this.#readOnly) return error;
    const lost = error instanceof DatabaseError;
    const sqlState = sqlStateOf(error);
    // A server that commits on other nodes answers class 08 when it lost one of them on the way.
    if (
      lost ||
      isConnectionState(sqlState) ||
      sqlState === SQL_STATE.adminShutdown ||
      sqlState === SQL_STATE.completionUnknown
    ) {
      return new UnknownOutcomeError("the connection ended before COMMIT was answered", { cause: error });
    }
    return error;
  }
}

/**
 * COMMIT that the driver sends at once. What is shorter than 1,024 bytes it keeps until the event loop comes round, and a
 * busy process comes round milliseconds later, all of which the transaction would hold its locks.
 */
const COMMIT_AT_ONCE = `commit${" ".repeat(1_024)}`;

function beginText(mode: TransactionMode): string {
  const { isolation = "read committed", readOnly = false, keepPlans = false, statementMsMax } = mode;
  const begin = `begin isolation level ${isolation} ${readOnly ? "read only" : "read write"}`;
  const plans = keepPlans ? "; set local plan_cache_mode = force_generic_plan" : "";
  const limit = statementMsMax === undefined ? "" : `; set local statement_timeout = ${statementMsMax}`;
  return begin + plans + limit;
}

/** What the driver's `sql.unsafe()` answers, as far as Drizzle uses it. */
export interface UnsafeQuery extends PromiseLike<StatementResult> {
  /** Rows as arrays of columns. */
  values(): Promise<StatementResult>;
}

export function unsafeQuery(
  text: string,
  params: readonly unknown[],
  run: (text: string, params: (string | null)[], options: RunOptions) => Promise<StatementResult>,
): UnsafeQuery {
  const start = async (options: RunOptions) => run(text, params.map(toParameter), options);
  return {
    // biome-ignore lint/suspicious/noThenProperty: awaiting it is what runs it, as with the driver's own queries
    then: (onDone, onError) => start({}).then(onDone, onError),
    values: () => start({ asArrays: true }),
  };
}

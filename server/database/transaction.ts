import type { Connection, RunOptions, StatementResult } from "./connection.ts";
import { DatabaseError, RolledBackError, UnknownOutcomeError } from "./errors.ts";
import { isConnectionState, SQL_STATE, sqlStateOf } from "./sqlstate.ts";
import { StatementQuery } from "./statement-query.ts";

export type IsolationLevel = "read committed" | "repeatable read" | "serializable";

export interface TransactionMode {
  readonly isolation?: IsolationLevel | undefined;
  readonly readOnly?: boolean | undefined;
  /**
   * Keeps the plan of each prepared statement for as long as its connection lives, where PostgreSQL would weigh again each
   * time whether to make a new one. Only for statements whose plan is right whatever is in the tables.
   */
  readonly keepPlans?: boolean | undefined;
  /** The longest that one statement may take, where it is less than the session's own limit. */
  readonly statementMsMax?: number | undefined;
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
  /** Drizzle asks its client for the value rules here. */
  readonly options: unknown;
  readonly #connection: Connection;
  readonly #readOnly: boolean;
  #state: "begun" | "committing" | "over" = "begun";
  #beginError: unknown;
  #firstError: unknown;
  #committed = false;
  #savepoints = 0;

  constructor(connection: Connection, mode: TransactionMode, options: unknown) {
    this.#connection = connection;
    this.#readOnly = mode.readOnly ?? false;
    this.options = options;
    connection.run(beginText(mode)).catch((error: unknown) => {
      this.#beginError = error;
    });
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

  /** Drizzle's way to run a statement. */
  unsafe(text: string, params: unknown[] = [], options: { prepare?: boolean } = {}): StatementQuery {
    return new StatementQuery(text, params, options, (...statement) => this.run(...statement));
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
   * @throws RolledBackError when a statement had failed
   * @throws UnknownOutcomeError when no answer came
   */
  async commit(): Promise<void> {
    if (this.#committed) return;
    if (this.#connection.lostWith) throw this.#connection.lostWith;
    if (this.#beginError) throw this.#beginError;
    this.#state = "committing";
    await this.#commitAnswered(this.#connection.run("commit"));
  }

  /**
   * Sends the last statements and COMMIT in one go, and answers when both are done. A statement that fails turns COMMIT
   * into ROLLBACK, so this is as safe as waiting in between; but what the statements answer can no longer be acted on.
   *
   * @param commit `COMMIT_AT_ONCE` where others wait for what the transaction has locked
   */
  async finish<T>(send: () => Promise<T>, commit = "commit"): Promise<T> {
    // Nothing will be sent, so nothing can be unknown.
    if (this.#connection.lostWith) throw this.#connection.lostWith;
    const sent = send();
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
export const COMMIT_AT_ONCE = `commit${" ".repeat(1_024)}`;

function beginText(mode: TransactionMode): string {
  const { isolation = "read committed", readOnly = false, keepPlans = false, statementMsMax } = mode;
  const begin = `begin isolation level ${isolation} ${readOnly ? "read only" : "read write"}`;
  const plans = keepPlans ? "; set local plan_cache_mode = force_generic_plan" : "";
  const limit = statementMsMax === undefined ? "" : `; set local statement_timeout = ${statementMsMax}`;
  return begin + plans + limit;
}

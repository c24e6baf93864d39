/**
 * What can go wrong between the product and PostgreSQL, apart from the errors that PostgreSQL itself answers (those
 * are the driver's `PostgresError`, often wrapped by Drizzle: see `sqlStateOf`). `faultOf` says what a caller hears.
 *
 * No text here ever holds a password.
 */
export class DatabaseError extends Error {
  override readonly name: string = "DatabaseError";
}

/**
 * No connection could be made, because the server does not answer or does not let anybody in yet. A server that answered a
 * moment ago is being started again, and is worth waiting for.
 */
export class DatabaseAwayError extends DatabaseError {
  override readonly name = "DatabaseAwayError";
}

/**
 * The connection ended before COMMIT was sent: nothing of the transaction has happened. Only a single statement outside a
 * transaction (`Database.db`) is not told apart like that: it may have happened.
 */
export class ConnectionLostError extends DatabaseError {
  override readonly name = "ConnectionLostError";
}

/** COMMIT was sent and no answer came: the transaction has happened in full or not at all, and nobody here knows. */
export class UnknownOutcomeError extends DatabaseError {
  override readonly name = "UnknownOutcomeError";
}

/**
 * The transaction's time was up before COMMIT was sent: nothing of it has happened. A single statement outside a
 * transaction may have, as with `ConnectionLostError`.
 */
export class DeadlineError extends DatabaseError {
  override readonly name = "DeadlineError";
}

/** COMMIT was answered by ROLLBACK, because a statement had failed before: nothing has happened. */
export class RolledBackError extends DatabaseError {
  override readonly name = "RolledBackError";
}

/**
 * Why no connection was free in time: all are at work (`busy`), too many wait already (`queue_full`), no connection can be
 * made (`down`), or the pool has been closed (`closed`).
 */
export type PoolTimeoutReason = "busy" | "queue_full" | "down" | "closed";

/** No connection was free in time: nothing was sent. */
export class PoolTimeoutError extends DatabaseError {
  override readonly name = "PoolTimeoutError";
  readonly reason: PoolTimeoutReason;

  constructor(reason: PoolTimeoutReason, message: string, options?: ErrorOptions) {
    super(message, options);
    this.reason = reason;
  }
}

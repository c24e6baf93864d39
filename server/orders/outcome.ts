import { type SQL, sql } from "drizzle-orm";
import { Fault } from "../../shared/faults.ts";
import type { OrderErrorCode } from "../../shared/order-refusals.ts";
import type { OrderProblem } from "../../shared/orders.ts";
import type { Tx } from "../database/database.ts";

/** What `settle_order` and `settle_cancellation` answer: `drizzle/functions/order_outcome.sql`. */
export interface OrderOutcome {
  readonly success: boolean;
  readonly orderId: number | null;
  readonly errorCode: OrderErrorCode | null;
  readonly message: string;
  /** Tells refusals of one code apart; null on success. */
  readonly reason: string | null;
  readonly problems: OrderProblem[] | null;
}

/** Calls a function that answers an `order_outcome`: one statement, whatever it does, and one before it. */
export async function callForOutcome(tx: Tx, call: SQL): Promise<OrderOutcome> {
  await tx.execute(sql.raw(`set local lock_timeout = ${LOCK_TIMEOUT_MS}`));
  const [outcome] = await tx.execute<OrderOutcome & Record<string, unknown>>(sql`
    select success, order_id as "orderId", error_code as "errorCode", message, reason, problems
    from ${call}`);
  if (!outcome) throw new Error("the database answered no outcome");
  return outcome;
}

/**
 * Behind others that wait for a row, PostgreSQL waits twice: for its turn, then for the row. Both together have to end
 * before the transaction does, so that the caller hears that it was the lock.
 */
const LOCK_TIMEOUT_MS = 3_000;

/**
 * What a caller hears of a failure that is no decision about the order. To be thrown once the transaction is over: what it
 * wrote to the audit log has to stand.
 *
 * @param what was asked for, for the log
 */
export function faultOfOutcome({ errorCode, reason, message }: OrderOutcome, what: string): Fault {
  switch (errorCode) {
    case "SQLITE_MISMATCH":
      return new Fault("INVALID_INPUT", message, { errorCode });
    case "SQLITE_LOCKED":
      return new Fault("LOCK_TIMEOUT", message, { errorCode });
    case "SQLITE_ERROR":
      return new Fault("INTERNAL", undefined, {
        errorCode,
        cause: new Error(`${what} failed in the database; the audit log has the SQLSTATE and the context`),
      });
    case "SQLITE_CONSTRAINT":
      if (reason === "WALLET_FULL") return new Fault("NOT_ALLOWED_NOW", message, { errorCode });
  }
  throw new Error(`${what} has an outcome that nobody foresaw: ${errorCode} ${reason}`);
}

import { Fault, type FaultCode } from "../../shared/faults.ts";
import type { PurchaseResult } from "../../shared/purchases.ts";
import { causesOf } from "../database/causes-of.ts";
import { toFault } from "../http/faults.ts";

/* What two web processes say to each other about purchases. */

/** From the one that asks. The first message holds the password. A message without anything asks for a sign of life. */
export interface AskMessage {
  readonly password?: string;
  readonly asks?: readonly Ask[];
}

/** From the one that settles. A message without anything is a sign of life. */
export interface AnswerMessage {
  readonly answers?: readonly Answer[];
  /** Asks for nothing more: it is about to stop. */
  readonly leaving?: true;
}

export type Ask = readonly [number: number, userId: string, itemId: number, quantity: number, idempotencyKey: string];

/** One that is neither decided nor failed was not taken: nothing has been done for it, and nothing will be. */
export type Answer =
  | readonly [number: number, kind: "decided", result: PurchaseResult]
  | readonly [number: number, kind: "failed", fault: SentFault]
  | readonly [number: number, kind: "not taken"];

export interface SentFault {
  readonly code: FaultCode;
  readonly message: string;
  readonly retryAfterMs?: number | undefined;
  /** What happened, for the log of the process that answers the buyer. */
  readonly cause?: string | undefined;
}

/** A failure as its caller would have heard of it, had it come to the other process. */
export function sentFault(error: unknown): SentFault {
  const { code, message, retryAfterMs, cause } = toFault(error);
  const causes = causesOf(cause).map((one) => one.stack ?? one.message);
  return { code, message, retryAfterMs, cause: causes.length > 0 ? causes.join("\ncaused by: ") : undefined };
}

export function receivedFault({ code, message, retryAfterMs, cause }: SentFault): Fault {
  return new Fault(code, message, {
    ...(retryAfterMs !== undefined && { retryAfterMs }),
    ...(cause !== undefined && { cause: errorFrom(cause) }),
  });
}

function errorFrom(text: string): Error {
  const error = new Error("in the process that settles this item's purchases");
  error.stack = text;
  return error;
}

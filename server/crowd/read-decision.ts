import { FAULTS, type FaultCode, faultOfStatus, isRetryable } from "../../shared/faults.ts";
import type { PurchaseResult } from "../../shared/purchases.ts";
import type { Answer } from "../load/answer-reader.ts";

/** What an answer of `purchases.buy` says: a decision, or why there is none. */
export function readDecision({ status, body }: Answer): PurchaseResult | Undecided {
  const { result, error } = parse(body);
  if (result?.data) return result.data;
  const code = codeOf(error?.data?.reason, status);
  return { outcome: "undecided", code, retryable: isRetryable(code), retryAfterMs: error?.data?.retryAfterMs ?? 0 };
}

export interface Undecided {
  readonly outcome: "undecided";
  readonly code: FaultCode;
  readonly retryable: boolean;
  readonly retryAfterMs: number;
}

/** tRPC's envelope, as the shop's own client reads it. */
interface Envelope {
  readonly result?: { readonly data?: PurchaseResult };
  readonly error?: { readonly data?: { readonly reason?: string; readonly retryAfterMs?: number } };
}

function parse(body: string): Envelope {
  try {
    return (JSON.parse(body) ?? {}) as Envelope;
  } catch {
    return {};
  }
}

function codeOf(reason: string | undefined, status: number): FaultCode {
  return reason !== undefined && Object.hasOwn(FAULTS, reason) ? (reason as FaultCode) : faultOfStatus(status);
}

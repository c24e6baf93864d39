import { newIdempotencyKey } from "./idempotency-key.ts";

/**
 * A header `traceparent` (W3C Trace Context) for one try of a mutation. The key of what is asked for is its trace where it
 * is a UUID, so that all tries, the shop's task and the warehouse's log are found by it.
 */
export function newTraceparent(input: unknown): string {
  const { idempotencyKey } = (input ?? {}) as { idempotencyKey?: unknown };
  const traceId = UUID.test(String(idempotencyKey)) ? String(idempotencyKey) : newIdempotencyKey();
  return `00-${digitsOf(traceId)}-${digitsOf(newIdempotencyKey()).slice(16)}-01`;
}

function digitsOf(uuid: string): string {
  return uuid.replaceAll("-", "").toLowerCase();
}

const UUID = /^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/i;

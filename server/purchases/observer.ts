import type { PurchaseResult } from "../../shared/purchases.ts";

/**
 * Told of what the batcher does, for metrics. It is called once for each batch, between the commit and the answers: it must not
 * throw, and must cost next to nothing.
 */
export interface PurchaseObserver {
  settled(batch: SettledBatch): void;
  /** A request that ended with an error: nothing was decided, or nobody knows. */
  failed(error: unknown): void;
}

export interface SettledBatch {
  /** One for each request; undefined for those that come back because another session had locked something of theirs. */
  readonly results: readonly (PurchaseResult | undefined)[];
  /** The transaction, from waiting for a connection to the end of its commit. */
  readonly ms: number;
  /** Of these, from its first statement until it held all locks and had read what it decides on: one round trip, and any wait. */
  readonly lockMs: number;
}

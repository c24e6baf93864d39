import type { Registry } from "@prometheus-io/client";
import type { FaultCode } from "../../shared/faults.ts";
import type { PurchaseResult } from "../../shared/purchases.ts";
import { REFUSAL_CODES } from "../../shared/refusals.ts";
import { toFault } from "../http/faults.ts";
import { Buckets, DURATION_BOUNDS } from "../metrics/buckets.ts";
import { registerCollected, registerValue } from "../metrics/metrics-json.ts";

/**
 * Counts what purchases come to. It is told once of each batch, between the commit and the answers, and takes some 20 ns for
 * each request in it.
 */
export class PurchaseMetrics {
  // From zero on, so that the first of them is a rise that an alert can see.
  readonly #refused = new Map<string, number>(REFUSAL_CODES.map((code) => [code, 0]));
  readonly #failed = new Map<string, number>(FAILURES.map((code) => [code, 0]));
  #purchased = 0;
  #replayed = 0;
  #units = 0;
  #heldUp = 0;
  readonly #settle = new Buckets(DURATION_BOUNDS);
  readonly #lock = new Buckets(DURATION_BOUNDS);
  readonly #batch = new Buckets(BATCH_BOUNDS);

  constructor(registry: Registry) {
    registerCollected(
      registry,
      {
        name: "doorbuster_purchase_attempts_total",
        help: "Requests to buy, by what became of them: purchased, refused (code says why), replayed (the stored answer once more), failed (code is the fault).",
        type: "counter",
      },
      () => [
        attempts("purchased", "", this.#purchased),
        attempts("replayed", "", this.#replayed),
        ...[...this.#refused].map(([code, count]) => attempts("refused", code, count)),
        ...[...this.#failed].map(([code, count]) => attempts("failed", code, count)),
      ],
    );
    registerValue(
      registry,
      "counter",
      ["doorbuster_purchase_units_total", "Units that purchases sold."],
      () => this.#units,
    );
    registerValue(
      registry,
      "counter",
      [
        "doorbuster_purchase_held_up_total",
        "Requests that came back into their queue because another session had locked their item or wallet.",
      ],
      () => this.#heldUp,
    );
    const histogram = (name: string, help: string, buckets: Buckets) =>
      registerCollected(registry, { name, help, type: "histogram" }, () => buckets.samples(name, {}));
    histogram(
      "doorbuster_purchase_settle_duration_seconds",
      "Seconds that the transaction of one batch took, its wait for a connection and its commit included.",
      this.#settle,
    );
    histogram(
      "doorbuster_purchase_lock_duration_seconds",
      "Seconds from a batch's first statement until it held its locks and had read: one round trip, and any wait for locks.",
      this.#lock,
    );
    histogram("doorbuster_purchase_batch_size", "Requests that one transaction settled.", this.#batch);
  }

  settled({ results, ms, lockMs }: SettledBatch): void {
    this.#settle.observe(ms / 1_000);
    this.#lock.observe(lockMs / 1_000);
    this.#batch.observe(results.length);
    for (const result of results) {
      if (result === undefined) this.#heldUp++;
      else if (result.replayed) this.#replayed++;
      else if (result.outcome === "purchased") {
        this.#purchased++;
        this.#units += result.quantity;
      } else add(this.#refused, result.code, 1);
    }
  }

  failed(error: unknown): void {
    add(this.#failed, toFault(error).code, 1);
  }
}

/** Shows who waits for what whenever somebody asks. */
export function followPurchases(registry: Registry, purchaser: { stats(): QueueStats }): void {
  const add = (name: string, help: string, read: () => number) => registerValue(registry, "gauge", [name, help], read);
  add("doorbuster_purchase_lines", "Items that somebody waits for.", () => purchaser.stats().queues);
  add("doorbuster_purchase_waiting", "Requests to buy that wait, in all queues.", () => purchaser.stats().waiting);
  add(
    "doorbuster_purchase_longest_line",
    "Requests to buy that wait in the longest queue.",
    () => purchaser.stats().longest,
  );
}

interface QueueStats {
  readonly queues: number;
  readonly waiting: number;
  readonly longest: number;
}

/** What usually stands behind a purchase that failed. */
const FAILURES: readonly FaultCode[] = ["OVERLOADED", "LOCK_TIMEOUT", "OUTCOME_UNKNOWN", "UNAVAILABLE", "INTERNAL"];

/** Up to what one transaction settles at most. */
const BATCH_BOUNDS = [1, 2, 4, 8, 16, 32, 64, 128, 256, 512];

function attempts(outcome: string, code: string, value: number) {
  return { labels: { outcome, code }, value };
}

function add(counts: Map<string, number>, key: string, count: number): void {
  counts.set(key, (counts.get(key) ?? 0) + count);
}

export interface SettledBatch {
  /** One for each request; undefined for those that come back because another session had locked something of theirs. */
  readonly results: readonly (PurchaseResult | undefined)[];
  /** The transaction, from waiting for a connection to the end of its commit. */
  readonly ms: number;
  /** Of these, from its first statement until it held all locks and had read what it decides on: one round trip, and any wait. */
  readonly lockMs: number;
}

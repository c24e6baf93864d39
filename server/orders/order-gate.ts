import { bulkhead, isBulkheadRejectedError } from "cockatiel";
import { Fault } from "../../shared/faults.ts";

/**
 * Lets a few orders at a time into the database, and a bounded number wait for the warehouse afterwards. Orders that share a product wait for each other there, each on a
 * connection of its own: without this, a basket that many want would take the connections that purchases need.
 */
export class OrderGate {
  readonly #bulkhead = bulkhead(ORDERS_AT_A_TIME, WAITING_MAX);
  readonly #dispatching = bulkhead(DISPATCHING_AT_A_TIME);

  /** @throws Fault OVERLOADED, before any work, when too many wait or have waited for too long */
  async run<T>(work: () => Promise<T>): Promise<T> {
    const enteredAt = performance.now();
    try {
      return await this.#bulkhead.execute(() => {
        if (performance.now() - enteredAt > WAIT_MS_MAX) throw overloaded();
        return work();
      });
    } catch (error) {
      throw isBulkheadRejectedError(error) ? overloaded() : error;
    }
  }

  /** For orders that are stored: has `work` wait for the warehouse, or `otherwise` be the answer when many do already. */
  async dispatch<T>(work: () => Promise<T>, otherwise: () => T): Promise<T> {
    try {
      return await this.#dispatching.execute(work);
    } catch (error) {
      if (isBulkheadRejectedError(error)) return otherwise();
      throw error;
    }
  }
}

/** Fewer than half of the default pool (10); alone they keep the database as busy as all of them would. */
const ORDERS_AT_A_TIME = 4;

/** More than the warehouse serves at a time where it is well; what a slow one keeps waiting is left to the workers. */
const DISPATCHING_AT_A_TIME = 64;

/** Some 2 s of orders. */
const WAITING_MAX = 1_000;

/** With the time that an order may wait for locks, shorter than a caller waits. */
const WAIT_MS_MAX = 5_000;

function overloaded(): Fault {
  return new Fault("OVERLOADED", undefined, { retryAfterMs: RETRY_AFTER_MS });
}

const RETRY_AFTER_MS = 1_000;

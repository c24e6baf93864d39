import { Fault } from "../../../shared/faults.ts";
import type { DispatchBody, WarehouseAnswer } from "../../../shared/warehouse.ts";
import { Batcher, type HowToSettle, Locked } from "../../concurrency/batcher.ts";
import type { Database } from "../../database/database.ts";
import { retryOnConflict } from "../../database/retry-on-conflict.ts";
import { isAboutData } from "../../database/sqlstate.ts";
import type { DispatchRequest } from "./decide.ts";
import { DEADLINE_MS, fingerprintOf } from "./records.ts";
import { settle } from "./settle.ts";

/**
 * Settles dispatches in batches. One queue serves all products, one transaction at a time, and waits for no lock. Dispatches
 * whose key or product somebody else has locked (a receipt, another process of the warehouse) go to a queue of their own,
 * which waits, so that they hold up nobody else. Both are bounded: whoever cannot be settled in time is answered OVERLOADED
 * before any work.
 */
export class DispatchBatcher {
  readonly #database: Database;
  readonly #options: DispatchBatcherOptions;
  readonly #batcher: Batcher<Waiting, WarehouseAnswer>;
  #linesUnanswered = 0;
  #isClosing = false;

  constructor(database: Database, options: Partial<DispatchBatcherOptions> = {}) {
    this.#database = database;
    this.#options = { ...DEFAULTS, ...options };
    this.#batcher = new Batcher({
      batchMax: this.#options.batchLinesMax,
      sizeOf: ({ body }) => Math.max(body.lines.length, LINES_MIN),
      crowdMin: Number.POSITIVE_INFINITY,
      batchesMax: { skip: 1, wait: 1 },
      gathers: true,
      late: { afterMs: DEADLINE_MS - WORK_MS_MIN, errorOf: overloaded },
      isOfOne: isAboutData,
      settle: (requests, how) => this.#settle(requests, how),
    });
  }

  /**
   * Takes goods out of the stock, all lines or none, once for each key.
   *
   * @throws Fault OVERLOADED when too many wait, UNAVAILABLE when the service is stopping; otherwise what `withTransaction`
   * throws. After UnknownOutcomeError the same key finds the truth.
   */
  async dispatch(
    body: DispatchBody,
    { key, traceId }: { key: string; traceId: string | undefined },
  ): Promise<WarehouseAnswer> {
    if (this.#isClosing) throw new Fault("UNAVAILABLE", "The warehouse is restarting. Please try again.");
    if (this.#linesUnanswered >= this.#options.linesUnansweredMax) throw overloaded();
    this.#linesUnanswered += body.lines.length;
    try {
      const fingerprint = fingerprintOf("dispatch", body);
      return await this.#batcher.ask({ key, traceId, fingerprint, body, enteredAt: performance.now() });
    } finally {
      this.#linesUnanswered -= body.lines.length;
    }
  }

  /** Dispatches that wait, in both queues. */
  get waiting(): number {
    return this.#batcher.queues.waiting;
  }

  /** Takes no more dispatches and resolves when all that were taken are answered. */
  async close(): Promise<void> {
    this.#isClosing = true;
    await this.#batcher.drain();
  }

  async #settle(requests: Waiting[], { lock }: HowToSettle): Promise<(WarehouseAnswer | Locked)[]> {
    // Somebody whose locks we do not see may store one of these keys after they were read: then it can be read.
    const answers = await retryOnConflict(() => {
      const oldest = Math.min(...requests.map(({ enteredAt }) => enteredAt));
      return settle(this.#database, requests, { lock, deadlineMs: oldest + DEADLINE_MS - performance.now() });
    });
    const heldUp = answers.filter((answer) => answer === undefined).length;
    this.#options.onSettled({ dispatches: requests.length, heldUp });
    return answers.map((answer) => answer ?? new Locked(HELD_UP));
  }
}

export interface DispatchBatcherOptions {
  /** Lines that one transaction settles at most, unless a dispatch alone has more. */
  readonly batchLinesMax: number;
  /** Lines of dispatches that are not answered: from this many on no more are taken. */
  readonly linesUnansweredMax: number;
  /** Told of each transaction that was committed. Must not throw. */
  readonly onSettled: (batch: SettledDispatches) => void;
}

export interface SettledDispatches {
  readonly dispatches: number;
  /** Of these, those that were not decided because somebody else had locked something of theirs. */
  readonly heldUp: number;
}

const DEFAULTS: DispatchBatcherOptions = { batchLinesMax: 1_000, linesUnansweredMax: 20_000, onSettled: () => {} };

/** As many as a dispatch counts for at least, so that a transaction settles 250 of them at most. */
const LINES_MIN = 4;

/** What a dispatch must have left of its time for work to begin: a transaction takes some milliseconds. */
const WORK_MS_MIN = 1_000;

/** The queue of those that wait for locks; the others stand in queue 0. */
const HELD_UP = 1;

interface Waiting extends DispatchRequest {
  readonly enteredAt: number;
}

function overloaded(): Fault {
  const message = "More dispatches wait than can be settled in time. Please try again.";
  return new Fault("OVERLOADED", message, { retryAfterMs: RETRY_AFTER_MS });
}

/** A shop that comes back sooner finds the same queue. */
const RETRY_AFTER_MS = 1_000;

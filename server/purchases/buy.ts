import { type BackOff, backOffMs } from "../../shared/back-off.ts";
import { Fault } from "../../shared/faults.ts";
import type { BuyInput, PurchaseResult } from "../../shared/purchases.ts";
import { Batcher, type HowToSettle, Locked, type Outcome } from "../concurrency/batcher.ts";
import type { Database } from "../database/database.ts";
import { newUuid } from "../database/new-uuid.ts";
import { retryOnConflict } from "../database/retry-on-conflict.ts";
import { isAboutData } from "../database/sqlstate.ts";
import type { Limits } from "../http/rate-limits.ts";
import { byKey } from "./by-key.ts";
import { type BuyRequest, fingerprintOf, scopedKey } from "./decide.ts";
import type { PurchaseMetrics } from "./purchase-metrics.ts";
import { settle } from "./settle.ts";
import { isStored } from "./stored.ts";

/**
 * Buys for the signed-in user, once per key. Every way in comes through here, so that all share its limits: so many
 * purchases a second, and so many refusals a day, because each is kept for ever. A duplicate of a request that waits right now
 * costs nothing of either: an impatient finger is not a crowd. What was answered before is answered again, however often its
 * buyer was refused since; what succeeds costs no refusal.
 *
 * @throws Fault RATE_LIMITED, and what `PurchaseBatcher.buy` throws
 */
export async function buy(
  { purchaseBatcher, limits, database }: BuyServices,
  userId: string,
  input: BuyInput,
): Promise<PurchaseResult> {
  const request = { ...input, userId };
  if (purchaseBatcher.isWaiting(request)) return purchaseBatcher.buy(request);
  limits.takePurchaseToken(userId);
  const tooMany = limits.tooManyRefusals(userId);
  if (tooMany && !(await byKey(database, userId, input.idempotencyKey))) throw tooMany;
  const result = await purchaseBatcher.buy(request);
  if (result.outcome === "refused" && !result.replayed && isStored(result)) limits.chargeRefusal(userId);
  return result;
}

/**
 * Settles purchases in batches, with a queue for each item.
 *
 * - A queue is bounded in length and in age. A request that cannot be settled in time is answered OVERLOADED before any
 *   work is done for it.
 * - A request that repeats one under way (same key, same input) joins it: it takes no place, and gets the same answer.
 * - A buyer whose wallet another transaction has locked comes back a moment later; the others are not held up.
 */
export class PurchaseBatcher {
  readonly #database: Database;
  readonly #options: PurchaseBatcherOptions;
  readonly #batcher: Batcher<Waiting, PurchaseResult>;
  readonly #unanswered = new Map<string, Promise<PurchaseResult>>();
  #joined = 0;
  #isClosing = false;

  constructor(database: Database, options: Partial<PurchaseBatcherOptions> = {}) {
    this.#database = database;
    this.#options = { ...DEFAULTS, ...options };
    this.#batcher = new Batcher({
      batchMax: this.#options.batchMax,
      crowdMin: CROWD_MIN,
      batchesMax: BATCHES_MAX,
      late: { afterMs: this.#options.waitMsMax, errorOf: (itemId) => this.#overloaded(itemId) },
      isOfOne: isAboutData,
      settle: (requests, how) => this.#settle(requests, how),
    });
  }

  /**
   * Buys, once per (user, key): a second call with the key gives the first one's answer with `replayed: true`.
   *
   * @throws Fault OVERLOADED when the queue is too long, UNAVAILABLE when the server is stopping; otherwise what
   * `withTransaction` throws. After OUTCOME_UNKNOWN the same key finds the truth.
   */
  buy(input: NewRequest): Promise<PurchaseResult> {
    if (this.#isClosing) return Promise.reject(new Fault("UNAVAILABLE", "The server is restarting. Please try again."));
    const identity = identityOf(input);
    const same = this.#unanswered.get(identity);
    if (same) return this.#replayOf(same);
    const answer =
      this.#batcher.queues.lengthOf(input.itemId) < this.#options.queueLengthMax
        ? this.#batcher.ask({ id: newUuid(), pauses: 0, ...input }, input.itemId)
        : Promise.reject<PurchaseResult>(this.#overloaded(input.itemId));
    this.#unanswered.set(identity, answer);
    answer.then(
      () => this.#unanswered.delete(identity),
      (error) => {
        this.#unanswered.delete(identity);
        this.#options.observer?.failed(error);
      },
    );
    return answer;
  }

  /** Whether the same request, by key and input, waits or is being settled in this process. */
  isWaiting(input: NewRequest): boolean {
    return this.#unanswered.has(identityOf(input));
  }

  /** Items that somebody waits for, requests that wait, in the longest queue, and for the answer to another request. */
  stats() {
    const { size: queues, waiting, longest } = this.#batcher.queues;
    return { queues, waiting, longest, joined: this.#joined };
  }

  /** Requests for any of these items that wait in this process. */
  waitingFor(itemIds: readonly number[]): number {
    return itemIds.reduce((sum, itemId) => sum + this.#batcher.queues.lengthOf(itemId), 0);
  }

  /** Takes no more requests and resolves when all that were taken are answered. */
  async close(): Promise<void> {
    this.#isClosing = true;
    await this.#batcher.drain();
  }

  async #settle(requests: Waiting[], how: HowToSettle): Promise<Outcome<PurchaseResult>[]> {
    const { observer, onStockChanged } = this.#options;
    // Another process may decide one of these keys after they were read: then it can be read, as a replay.
    const { results, lockedItemIds, changedSaleIds } = await retryOnConflict(async () => {
      const startedAt = performance.now();
      const settlement = await settle(this.#database, requests, how);
      observer?.settled({ ...settlement, ms: performance.now() - startedAt });
      return settlement;
    });
    for (const saleId of changedSaleIds) onStockChanged(saleId);
    return requests.map((request, index) => results[index] ?? comeBack(request, lockedItemIds));
  }

  /** What is answered to a request that came while the first one with its key was decided. */
  async #replayOf(answer: Promise<PurchaseResult>): Promise<PurchaseResult> {
    this.#joined += 1;
    try {
      const result = await answer;
      return { ...result, replayed: isStored(result) };
    } finally {
      this.#joined -= 1;
    }
  }

  #overloaded(itemId: number): Fault {
    return new Fault("OVERLOADED", undefined, {
      retryAfterMs: Math.max(RETRY_AFTER_MS_MIN, this.#batcher.waitMs(itemId)),
    });
  }
}

/** Lets a buyer whose wallet was locked wait for it until it has been locked for too long. */
function comeBack(request: Waiting, lockedItemIds: ReadonlySet<number>): Locked | Fault {
  if (lockedItemIds.has(request.itemId)) return new Locked(request.itemId);
  request.lockedSince ??= performance.now();
  if (performance.now() - request.lockedSince > WALLET_WAIT_MS_MAX) return new Fault("LOCK_TIMEOUT");
  request.pauses += 1;
  return new Locked(request.itemId, backOffMs(request.pauses, WALLET_PAUSE));
}

/** Who asks for what under which key: two requests with the same one want the same answer. */
function identityOf(input: NewRequest): string {
  return `${scopedKey(input.userId, input.idempotencyKey)} ${fingerprintOf(input)}`;
}

type NewRequest = Omit<BuyRequest, "id">;

interface Waiting extends BuyRequest {
  /** When its wallet was first found locked, and how often it has come back since. */
  lockedSince?: number;
  pauses: number;
}

export interface BuyServices {
  readonly database: Database;
  readonly purchaseBatcher: Purchaser;
  readonly limits: Pick<Limits, "takePurchaseToken" | "tooManyRefusals" | "chargeRefusal">;
}

/** Where purchases are handed in: the batcher, or what the bench puts in its place. */
export type Purchaser = Pick<PurchaseBatcher, "buy" | "isWaiting" | "waitingFor" | "stats" | "close">;

export type PurchaseObserver = Pick<PurchaseMetrics, "settled" | "failed">;

export interface PurchaseBatcherOptions {
  /** Requests that one transaction settles at most. */
  batchMax: number;
  /** Requests that wait for one item at most. */
  queueLengthMax: number;
  /** How long a request waits in its queue at most, in ms. */
  waitMsMax: number;
  /** Called after a commit that changed the stock of one of this sale's items. Must not throw. */
  onStockChanged: (saleId: number) => void;
  /** Must not throw. */
  observer?: PurchaseObserver | undefined;
}

const DEFAULTS: PurchaseBatcherOptions = {
  batchMax: 512,
  queueLengthMax: 20_000,
  waitMsMax: 10_000,
  onStockChanged: () => {},
};

/**
 * With two, the database works for one while the other waits for the disk. With four, a thousand items cost more and sold
 * less: 80 instead of 66 µs of the database's CPU each, 8,824 instead of 9,225 a second. Together they leave connections of
 * the default pool (10) to everybody else.
 */
const BATCHES_MAX = { skip: 2, wait: 4 };

/**
 * Two batches in turn overlap, and cost two times what each costs however small it is: at 256 connections batches of 93
 * instead of 126, for 15 µs more of the server's CPU and 8 more of the database's per purchase. Of a thousand items batches
 * of 64 instead of 120, for 9 µs more of the database's.
 */
const CROWD_MIN = 256;

/** As long as PostgreSQL waits for any other lock. */
const WALLET_WAIT_MS_MAX = 5_000;

/** A wallet is mostly locked by a purchase of another item, which takes some 5 ms. */
const WALLET_PAUSE: BackOff = { minMs: 10, maxMs: 250, jitter: 0 };

/** A client that comes back sooner finds the same crowd. */
const RETRY_AFTER_MS_MIN = 1_000;

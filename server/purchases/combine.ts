import { type BackOff, backOffMs } from "../../shared/back-off.ts";
import { Fault } from "../../shared/faults.ts";
import type { PurchaseResult } from "../../shared/purchases.ts";
import type { Database } from "../database/database.ts";
import { newUuid } from "../database/new-uuid.ts";
import { isAboutData, SQL_STATE, sqlStateOf } from "../database/sqlstate.ts";
import type { BuyRequest } from "./facts.ts";
import { type Intent, Intents, intentKey } from "./intents.ts";
import { type Batch, Lines, type Lock } from "./lines.ts";
import type { PurchaseObserver } from "./observer.ts";
import { type Settlement, settle } from "./settle.ts";

/**
 * Who settles when: requests for one item stand in one line, and one transaction settles many of them.
 *
 *     buy ──▶ line of the item ──▶ batch (at most batchMax) ──▶ settle ──▶ answers
 *                 ▲                                               │
 *                 └──────────── wallet locked elsewhere ◀─────────┘
 *
 * - A request that finds everything idle is settled at once. Those that arrive meanwhile wait, and the next transaction
 *   settles all of them, up to `batchMax`. No timer delays anybody. `lines.ts` says which lines are settled together.
 * - A line is bounded in length and in age. A request that cannot be settled in time is answered OVERLOADED before
 *   any work is done for it.
 * - A request that repeats one in line (same key, same input) joins it: it takes no place, and gets the same answer.
 * - A batch that fails on its data is split in halves, in order, down to the one request that is at fault.
 * - A buyer whose wallet another transaction has locked comes back a moment later; the others are not held up.
 */
export class PurchaseDesk {
  readonly #database: Database;
  readonly #options: DeskOptions;
  readonly #lines: Lines<Intent>;
  readonly #intents = new Intents();
  #batchMs = 0;
  #closing = false;
  #sweeper: NodeJS.Timeout | undefined;

  constructor(database: Database, options: Partial<DeskOptions> = {}) {
    this.#database = database;
    this.#options = { ...DEFAULTS, ...options };
    const { batchMax } = this.#options;
    this.#lines = new Lines({ batchMax, crowdMin: CROWD_MIN, transactionsMax: TRANSACTIONS_MAX });
  }

  /**
   * Buys, once per (user, key): a second call with the key gives the first one's answer with `replayed: true`.
   *
   * @throws Fault OVERLOADED when the line is too long, UNAVAILABLE when the server is stopping; otherwise what
   * `withTransaction` throws. After OUTCOME_UNKNOWN the same key finds the truth.
   */
  buy(input: Omit<BuyRequest, "id">): Promise<PurchaseResult> {
    if (this.#closing) return Promise.reject(new Fault("UNAVAILABLE", "The server is restarting. Please try again."));
    const key = intentKey(input);
    const same = this.#intents.join(key);
    if (same) return same;
    if (this.#lines.lengthOf(input.itemId) >= this.#options.lineLengthMax) {
      const overloaded = this.#overloaded(input.itemId);
      this.#options.observer?.failed(overloaded, 1);
      return Promise.reject(overloaded);
    }
    const intent = this.#intents.add(key, { id: newUuid(), ...input });
    this.#sweeper ??= setInterval(() => this.#sweep(), SWEEP_INTERVAL_MS).unref();
    this.#lines.add(input.itemId, intent);
    this.#work();
    return intent.answer.promise;
  }

  /** Whether the same request, by key and input, is in line or being settled in this process. */
  isWaiting(input: Omit<BuyRequest, "id">): boolean {
    return this.#intents.has(intentKey(input));
  }

  stats(): DeskStats {
    const { size: lines, waiting, longest } = this.#lines;
    return { lines, waiting, longest, joined: this.#intents.joined };
  }

  /** Takes no more requests and resolves when all that were taken are answered. */
  async close(): Promise<void> {
    this.#closing = true;
    await this.#intents.allAnswered();
    clearInterval(this.#sweeper);
  }

  /** Begins every batch that may begin now. */
  #work(): void {
    for (let batch = this.#lines.take(); batch; batch = this.#lines.take()) void this.#settleBatch(batch);
  }

  async #settleBatch(batch: Batch<Intent>): Promise<void> {
    const startedAt = performance.now();
    const contended = new Set<number>();
    const onDecided = () => {
      this.#lines.decided(batch);
      this.#work();
    };
    const timer = setTimeout(() => {
      this.#lines.overdue(batch);
      this.#work();
    }, OVERDUE_MS);
    await this.#settleIntents(batch.entries.sort(byArrival), { lock: batch.lock, onDecided, contended });
    clearTimeout(timer);
    this.#batchMs = performance.now() - startedAt;
    this.#lines.done(batch, contended);
    this.#work();
  }

  async #settleIntents(intents: Intent[], how: HowToSettle, keyRaces = 0): Promise<void> {
    const requests = intents.map((intent) => intent.request);
    const startedAt = performance.now();
    try {
      const settlement = await settle(this.#database, requests, how);
      const { results, lockMs } = settlement;
      this.#options.observer?.settled({ results, lockMs, ms: performance.now() - startedAt });
      for (const itemId of settlement.lockedItemIds) how.contended.add(itemId);
      this.#answer(intents, settlement);
      for (const saleId of settlement.changedSaleIds) this.#options.onStockChanged(saleId);
    } catch (error) {
      if (sqlStateOf(error) === SQL_STATE.uniqueViolation && keyRaces < KEY_RACES_MAX) {
        // Another process decided one of these keys since we read them: now it can be read, as a replay.
        await this.#settleIntents(intents, how, keyRaces + 1);
      } else if (intents.length > 1 && isAboutData(error)) {
        const half = Math.ceil(intents.length / 2);
        await this.#settleIntents(intents.slice(0, half), how);
        await this.#settleIntents(intents.slice(half), how);
      } else {
        for (const intent of intents) this.#fail(intent, error);
      }
    }
  }

  #fail(intent: Intent, error: unknown): void {
    this.#options.observer?.failed(error, 1);
    this.#intents.fail(intent, error);
  }

  #answer(intents: readonly Intent[], { results, lockedItemIds }: Settlement): void {
    const passedOver: Intent[] = [];
    const decided: Decided[] = [];
    for (const [index, intent] of intents.entries()) {
      const result = results[index];
      if (result) decided.push({ intent, result });
      else if (lockedItemIds.has(intent.request.itemId)) passedOver.push(intent);
      else this.#comeBack(intent);
    }
    // The first one goes last to the head of the line.
    for (const intent of passedOver.reverse()) this.#lines.add(intent.request.itemId, intent, "head");
    this.#tell(decided);
  }

  /**
   * Answers a few buyers at a turn of the event loop. To write a batch's answers takes longer than anything else here, and
   * so the next batch is on its way before, and the database is heard in between.
   */
  #tell(decided: readonly Decided[], from = 0): void {
    setImmediate(() => {
      const to = from + ANSWERS_PER_TURN;
      for (const { intent, result } of decided.slice(from, to)) this.#intents.answer(intent, result);
      if (to < decided.length) this.#tell(decided, to);
    });
  }

  /** Lets a buyer whose wallet was locked stand in line again after a pause, until it has been locked for too long. */
  #comeBack(intent: Intent): void {
    intent.lockedSince ??= performance.now();
    if (performance.now() - intent.lockedSince > WALLET_WAIT_MS_MAX) {
      this.#fail(intent, new Fault("LOCK_TIMEOUT"));
      return;
    }
    const pauseMs = backOffMs(++intent.pauses, WALLET_PAUSE);
    setTimeout(() => {
      this.#lines.add(intent.request.itemId, intent, "head");
      this.#work();
    }, pauseMs);
  }

  /** Turns away those who have waited too long behind a transaction that does not come to its end. */
  #sweep(): void {
    const oldest = performance.now() - this.#options.waitMsMax;
    for (const intent of this.#lines.drop(({ enteredAt }) => enteredAt < oldest)) {
      this.#fail(intent, this.#overloaded(intent.request.itemId));
    }
  }

  #overloaded(itemId: number): Fault {
    const batchesAhead = Math.ceil(this.#lines.lengthOf(itemId) / this.#options.batchMax) + 1;
    return new Fault("OVERLOADED", undefined, {
      retryAfterMs: Math.max(RETRY_AFTER_MS_MIN, batchesAhead * this.#batchMs),
    });
  }
}

export interface DeskOptions {
  /** Requests that one transaction settles at most. */
  batchMax: number;
  /** Requests that wait for one item at most. */
  lineLengthMax: number;
  /** How long a request waits in line at most, in ms. */
  waitMsMax: number;
  /** Called after a commit that changed the stock of one of this sale's items. Must not throw. */
  onStockChanged: (saleId: number) => void;
  observer?: PurchaseObserver | undefined;
}

export interface DeskStats {
  /** Items that somebody is in line for. */
  lines: number;
  /** Requests that wait, in all lines. */
  waiting: number;
  /** Requests that wait in the longest line. */
  longest: number;
  /** Requests that wait for the answer to another one with their key. */
  joined: number;
}

const DEFAULTS: DeskOptions = {
  batchMax: 512,
  lineLengthMax: 20_000,
  waitMsMax: 10_000,
  onStockChanged: () => {},
};

/**
 * Transactions of a desk at a time. With two, the database works for one while the other waits for the disk. With four, a
 * thousand items cost more and sold less: 80 instead of 66 µs of the database's CPU each, 8,824 instead of 9,225 a second.
 * Together they leave connections of the default pool (10) to everybody else.
 */
const TRANSACTIONS_MAX: Readonly<Record<Lock, number>> = { skip: 2, wait: 4 };

/**
 * Two batches in turn overlap, and cost two times what each costs however small it is: at 256 connections batches of 93
 * instead of 126, for 15 µs more of the server's CPU and 8 more of the database's per purchase. Of a thousand items batches
 * of 64 instead of 120, for 9 µs more of the database's.
 */
const CROWD_MIN = 256;

/** Several times what a batch of small lines takes on a slow machine: this one's connection or disk stands still. */
const OVERDUE_MS = 100;

/** Some 2 ms of work. With 16, a thousand items sold 7,783 units a second instead of 8,824. */
const ANSWERS_PER_TURN = 64;

/** As long as PostgreSQL waits for any other lock. */
const WALLET_WAIT_MS_MAX = 5_000;

/** A wallet is mostly locked by a purchase of another item, which takes some 5 ms. */
const WALLET_PAUSE: BackOff = { minMs: 10, maxMs: 250, jitter: 0 };

/** How exact `waitMsMax` is kept. */
const SWEEP_INTERVAL_MS = 250;

/** A client that comes back sooner finds the same crowd. */
const RETRY_AFTER_MS_MIN = 1_000;

/** Each round makes at least one more key a replay, so a few are more than ever happen. */
const KEY_RACES_MAX = 3;

/**
 * Ids rise with time. Attempts that are decided at one moment stand in this order in their buyer's statement, so that is
 * the order to decide them in, whatever lines they come from.
 */
function byArrival(a: Intent, b: Intent): number {
  return a.request.id < b.request.id ? -1 : 1;
}

interface Decided {
  readonly intent: Intent;
  readonly result: PurchaseResult;
}

interface HowToSettle {
  readonly lock: Lock;
  readonly onDecided: () => void;
  /** Collects the items that another session had locked. */
  readonly contended: Set<number>;
}

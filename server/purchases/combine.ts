import { v7 as uuidv7 } from "uuid";
import { Fault } from "../../shared/faults.ts";
import type { PurchaseResult } from "../../shared/purchases.ts";
import type { Database } from "../database/database.ts";
import { SQL_STATE, sqlStateOf } from "../database/sqlstate.ts";
import { fingerprintOf, scopedKey } from "./decide.ts";
import type { BuyRequest } from "./facts.ts";
import { settle } from "./settle.ts";

/**
 * Who settles when: one line of requests per item.
 *
 *     buy ──▶ line of the item ──▶ batch (at most batchMax) ──▶ settle ──▶ answers
 *
 * - A request that finds its line idle is settled at once and alone. Those that arrive meanwhile wait, and the next
 *   transaction settles all of them, up to `batchMax`. No timer delays anybody.
 * - A line has one transaction under way at a time, so a hot item takes one connection and no more.
 * - A line is bounded in length and in age. A request that cannot be settled in time is answered OVERLOADED before
 *   any work is done for it.
 * - A request that repeats one in line (same key, same input) joins it: it takes no place, and gets the same answer.
 * - A batch that fails on its data is split in halves, in order, down to the one request that is at fault.
 */
export class PurchaseDesk {
  readonly #database: Database;
  readonly #options: DeskOptions;
  readonly #lines = new Map<number, Line>();
  /** Who is in line or being settled, by what they asked for under which key. */
  readonly #entries = new Map<string, Entry>();
  #waiting = 0;
  #joined = 0;
  #closing = false;
  #sweeper: NodeJS.Timeout | undefined;
  #idle: (() => void) | undefined;

  constructor(database: Database, options: Partial<DeskOptions> = {}) {
    this.#database = database;
    this.#options = { ...DEFAULTS, ...options };
  }

  /**
   * Buys, once per (user, key): a second call with the key gives the first one's answer with `replayed: true`.
   *
   * @throws Fault OVERLOADED when the line is too long, UNAVAILABLE when the server is stopping; otherwise what
   * `withTransaction` throws. After OUTCOME_UNKNOWN the same key finds the truth.
   */
  buy(input: Omit<BuyRequest, "id">): Promise<PurchaseResult> {
    if (this.#closing) return Promise.reject(new Fault("UNAVAILABLE", "The server is restarting. Please try again."));
    const same = this.#entries.get(intentOf(input));
    if (same) return this.#join(same);
    const line = this.#lineOf(input.itemId);
    if (line.waiting.length >= this.#options.lineLengthMax) return Promise.reject(this.#overloaded(line));
    const entry: Entry = {
      request: { id: uuidv7(), ...input },
      answer: Promise.withResolvers(),
      enteredAt: performance.now(),
    };
    this.#enter(line, entry);
    if (!line.settling) void this.#work(input.itemId, line);
    return entry.answer.promise;
  }

  /** Whether the same request, by key and input, is in line or being settled in this process. */
  isWaiting(input: Omit<BuyRequest, "id">): boolean {
    return this.#entries.has(intentOf(input));
  }

  stats(): DeskStats {
    return { lines: this.#lines.size, waiting: this.#waiting, joined: this.#joined };
  }

  /** Takes no more requests and resolves when all that were taken are answered. */
  async close(): Promise<void> {
    this.#closing = true;
    if (this.#entries.size === 0) return;
    await new Promise<void>((resolve) => {
      this.#idle = resolve;
    });
  }

  #lineOf(itemId: number): Line {
    let line = this.#lines.get(itemId);
    if (!line) {
      line = { waiting: [], settling: false, batchMs: 0 };
      this.#lines.set(itemId, line);
    }
    return line;
  }

  async #join(entry: Entry): Promise<PurchaseResult> {
    this.#joined += 1;
    try {
      return asReplay(await entry.answer.promise);
    } finally {
      this.#joined -= 1;
    }
  }

  #enter(line: Line, entry: Entry): void {
    this.#entries.set(intentOf(entry.request), entry);
    this.#waiting += 1;
    line.waiting.push(entry);
    this.#sweeper ??= setInterval(() => this.#sweep(), SWEEP_INTERVAL_MS).unref();
  }

  #leave(entry: Entry): void {
    this.#entries.delete(intentOf(entry.request));
    if (this.#entries.size > 0) return;
    clearInterval(this.#sweeper);
    this.#sweeper = undefined;
    this.#idle?.();
  }

  /** Settles batch after batch until nobody is in line. */
  async #work(itemId: number, line: Line): Promise<void> {
    line.settling = true;
    while (line.waiting.length > 0) {
      const batch = line.waiting.splice(0, this.#options.batchMax);
      this.#waiting -= batch.length;
      const startedAt = performance.now();
      await this.#settleBatch(itemId, batch, 0);
      line.batchMs = performance.now() - startedAt;
    }
    line.settling = false;
    this.#lines.delete(itemId);
  }

  async #settleBatch(itemId: number, batch: Entry[], keyRaces: number): Promise<void> {
    const requests = batch.map((entry) => entry.request);
    try {
      const { results, changedSaleId } = await settle(this.#database, itemId, requests);
      for (const [index, entry] of batch.entries()) this.#answer(entry, results[index]);
      if (changedSaleId !== undefined) this.#options.onStockChanged(changedSaleId);
    } catch (error) {
      if (sqlStateOf(error) === SQL_STATE.uniqueViolation && keyRaces < KEY_RACES_MAX) {
        // Another process decided one of these keys since we read them: now it can be read, as a replay.
        await this.#settleBatch(itemId, batch, keyRaces + 1);
      } else if (batch.length > 1 && isAboutData(error)) {
        const half = Math.ceil(batch.length / 2);
        await this.#settleBatch(itemId, batch.slice(0, half), 0);
        await this.#settleBatch(itemId, batch.slice(half), 0);
      } else {
        for (const entry of batch) this.#fail(entry, error);
      }
    }
  }

  #answer(entry: Entry, result: PurchaseResult | undefined): void {
    this.#leave(entry);
    if (result) entry.answer.resolve(result);
    else entry.answer.reject(new Error(`request ${entry.request.id} was settled without a result`));
  }

  #fail(entry: Entry, error: unknown): void {
    this.#leave(entry);
    entry.answer.reject(error);
  }

  /** Turns away those who have waited too long behind a transaction that does not come to its end. */
  #sweep(): void {
    const oldest = performance.now() - this.#options.waitMsMax;
    for (const line of this.#lines.values()) {
      const firstInTime = line.waiting.findIndex((entry) => entry.enteredAt >= oldest);
      const expired = line.waiting.splice(0, firstInTime === -1 ? line.waiting.length : firstInTime);
      this.#waiting -= expired.length;
      for (const entry of expired) this.#fail(entry, this.#overloaded(line));
    }
  }

  #overloaded(line: Line): Fault {
    const batchesAhead = Math.ceil(line.waiting.length / this.#options.batchMax) + 1;
    return new Fault("OVERLOADED", undefined, {
      retryAfterMs: Math.max(RETRY_AFTER_MS_MIN, batchesAhead * line.batchMs),
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
}

export interface DeskStats {
  /** Items that somebody is in line for. */
  lines: number;
  /** Requests that wait, in all lines. */
  waiting: number;
  /** Requests that wait for the answer to another one with their key. */
  joined: number;
}

const DEFAULTS: DeskOptions = {
  batchMax: 512,
  lineLengthMax: 20_000,
  waitMsMax: 10_000,
  onStockChanged: () => {},
};

/** How exact `waitMsMax` is kept. */
const SWEEP_INTERVAL_MS = 250;

/** A client that comes back sooner finds the same crowd. */
const RETRY_AFTER_MS_MIN = 1_000;

/** Each round makes at least one more key a replay, so a few are more than ever happen. */
const KEY_RACES_MAX = 3;

function intentOf(input: Omit<BuyRequest, "id">): string {
  return `${scopedKey(input.userId, input.idempotencyKey)} ${fingerprintOf(input)}`;
}

/** What a request is answered that came while the first one with its key was decided. */
function asReplay(result: PurchaseResult): PurchaseResult {
  const isStored = result.outcome === "purchased" || (result.code !== "KEY_REUSED" && result.code !== "ITEM_NOT_FOUND");
  return { ...result, replayed: isStored };
}

/** SQLSTATE classes 22 (data exception) and 23 (constraint violation): some row of the batch is at fault. */
function isAboutData(error: unknown): boolean {
  return /^2[23]/.test(sqlStateOf(error) ?? "");
}

interface Line {
  readonly waiting: Entry[];
  settling: boolean;
  /** How long the newest batch took. */
  batchMs: number;
}

interface Entry {
  readonly request: BuyRequest;
  readonly answer: PromiseWithResolvers<PurchaseResult>;
  readonly enteredAt: number;
}

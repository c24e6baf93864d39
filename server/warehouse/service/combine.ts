import { Fault } from "../../../shared/faults.ts";
import type { DispatchBody, WarehouseAnswer } from "../../../shared/warehouse.ts";
import type { Database } from "../../database/database.ts";
import { isAboutData, SQL_STATE, sqlStateOf } from "../../database/sqlstate.ts";
import { DEADLINE_MS } from "./deadline.ts";
import type { DispatchRequest } from "./decide.ts";
import { fingerprintOf } from "./fingerprint.ts";
import type { Lock } from "./records.ts";
import { settle } from "./settle.ts";

/**
 * Who settles when: while one transaction commits, the dispatches that arrive wait in line, and the next one settles them.
 *
 *     dispatch ──▶ line "skip" ──▶ batch ──▶ settle ──▶ answers
 *                                    │                     ▲
 *                                    └─▶ line "wait" ──▶ settle
 *
 * - One line serves all products, one transaction at a time. A dispatch that finds it idle is settled at once; no timer
 *   delays anybody.
 * - That transaction waits for no lock. Dispatches whose key or product somebody else has locked (a receipt, another process
 *   of the warehouse) go to a line of their own, which waits, so that they hold up nobody else.
 * - A batch that fails on its data is split in halves, in order, down to the one dispatch that is at fault.
 * - The lines are bounded. Whoever cannot be settled in time is answered OVERLOADED before any work.
 */
export class DispatchDesk {
  readonly #database: Database;
  readonly #options: DispatchDeskOptions;
  readonly #lines: Record<Lock, Line> = { skip: newLine(), wait: newLine() };
  #linesWaiting = 0;
  #unanswered = 0;
  #closing = false;
  #onAllAnswered = () => {};
  #sweeper: NodeJS.Timeout | undefined;

  constructor(database: Database, options: Partial<DispatchDeskOptions> = {}) {
    this.#database = database;
    this.#options = { ...DEFAULTS, ...options };
  }

  /**
   * Takes goods out of the stock, all lines or none, once for each key.
   *
   * @throws Fault OVERLOADED when too many wait, UNAVAILABLE when the service is stopping; otherwise what `withTransaction`
   * throws. After UnknownOutcomeError the same key finds the truth.
   */
  dispatch(
    body: DispatchBody,
    { key, traceId }: { key: string; traceId: string | undefined },
  ): Promise<WarehouseAnswer> {
    if (this.#closing)
      return Promise.reject(new Fault("UNAVAILABLE", "The warehouse is restarting. Please try again."));
    if (this.#linesWaiting >= this.#options.linesWaitingMax) return Promise.reject(overloaded());
    const request = { key, traceId, fingerprint: fingerprintOf("dispatch", body), body };
    const intent = { request, answer: Promise.withResolvers<WarehouseAnswer>(), enteredAt: performance.now() };
    this.#unanswered += 1;
    this.#sweeper ??= setInterval(() => this.#sweep(), SWEEP_INTERVAL_MS).unref();
    this.#enter("skip", [intent]);
    // Not in this very moment: those that arrive together are settled together.
    setImmediate(() => this.#work("skip"));
    return intent.answer.promise;
  }

  /** Dispatches that wait, in both lines. */
  get waiting(): number {
    return this.#lines.skip.waiting.length + this.#lines.wait.waiting.length;
  }

  /** Takes no more dispatches and resolves when all that were taken are answered. */
  async close(): Promise<void> {
    this.#closing = true;
    if (this.#unanswered > 0) {
      await new Promise<void>((resolve) => {
        this.#onAllAnswered = resolve;
      });
    }
    clearInterval(this.#sweeper);
  }

  #enter(lock: Lock, intents: readonly Intent[]): void {
    this.#lines[lock].waiting.push(...intents);
    for (const { request } of intents) this.#linesWaiting += request.body.lines.length;
  }

  #leave(intents: readonly Intent[]): void {
    for (const { request } of intents) this.#linesWaiting -= request.body.lines.length;
  }

  /** Begins the next batch of a line, unless one is under way or nobody waits. */
  #work(lock: Lock): void {
    const line = this.#lines[lock];
    if (line.isSettling || line.waiting.length === 0) return;
    const batch = line.waiting.splice(0, batchLength(line.waiting, this.#options));
    this.#leave(batch);
    line.isSettling = true;
    void this.#settle(batch, lock).then(() => {
      line.isSettling = false;
      this.#work(lock);
    });
  }

  /** Never rejects. */
  async #settle(intents: readonly Intent[], lock: Lock, keyRaces = 0): Promise<void> {
    try {
      const answers = await settle(
        this.#database,
        intents.map(({ request }) => request),
        { lock, deadlineMs: Math.min(...intents.map(timeLeftMs)) },
      );
      this.#answer(intents, answers);
    } catch (error) {
      if (sqlStateOf(error) === SQL_STATE.uniqueViolation && keyRaces < KEY_RACES_MAX) {
        // Somebody whose locks we do not see stored one of these keys since we read them: now it can be read.
        await this.#settle(intents, lock, keyRaces + 1);
      } else if (intents.length > 1 && isAboutData(error)) {
        const half = Math.ceil(intents.length / 2);
        await this.#settle(intents.slice(0, half), lock);
        await this.#settle(intents.slice(half), lock);
      } else {
        this.#fail(intents, error);
      }
    }
  }

  #answer(intents: readonly Intent[], answers: readonly (WarehouseAnswer | undefined)[]): void {
    const heldUp = intents.filter((_, index) => !answers[index]);
    this.#options.onSettled({ dispatches: intents.length, heldUp: heldUp.length });
    this.#enter("wait", heldUp);
    this.#work("wait");
    // The next batch is on its way to the database before the answers of this one are written.
    setImmediate(() => {
      for (const [index, { answer }] of intents.entries()) {
        const decided = answers[index];
        if (decided) answer.resolve(decided);
      }
      this.#answered(intents.length - heldUp.length);
    });
  }

  #fail(intents: readonly Intent[], error: unknown): void {
    for (const { answer } of intents) answer.reject(error);
    this.#answered(intents.length);
  }

  #answered(count: number): void {
    this.#unanswered -= count;
    if (this.#unanswered === 0) this.#onAllAnswered();
  }

  /** Turns away those who have waited too long behind a transaction that does not come to its end. */
  #sweep(): void {
    for (const line of Object.values(this.#lines)) {
      const inTime = new Set(line.waiting.filter((intent) => timeLeftMs(intent) >= WORK_MS_MIN));
      const late = line.waiting.filter((intent) => !inTime.has(intent));
      line.waiting = [...inTime];
      this.#leave(late);
      this.#fail(late, overloaded());
    }
  }
}

export interface DispatchDeskOptions {
  /** Dispatches that one transaction settles at most. */
  readonly batchMax: number;
  /** Lines that one transaction settles at most, unless a dispatch alone has more. */
  readonly batchLinesMax: number;
  /** Lines of dispatches that wait: from this many on no more are taken. */
  readonly linesWaitingMax: number;
  /** Told of each transaction that was committed. Must not throw. */
  readonly onSettled: (batch: SettledDispatches) => void;
}

export interface SettledDispatches {
  readonly dispatches: number;
  /** Of these, those that were not decided because somebody else had locked something of theirs. */
  readonly heldUp: number;
}

const DEFAULTS: DispatchDeskOptions = {
  batchMax: 256,
  batchLinesMax: 1_000,
  linesWaitingMax: 20_000,
  onSettled: () => {},
};

/** What a dispatch must have left of its time for work to begin: a transaction takes some milliseconds. */
const WORK_MS_MIN = 1_000;

/** How exact the time in line is kept. */
const SWEEP_INTERVAL_MS = 250;

/** Each round makes at least one more key a replay, so a few are more than ever happen. */
const KEY_RACES_MAX = 3;

/** A shop that comes back sooner finds the same line. */
const RETRY_AFTER_MS = 1_000;

function overloaded(): Fault {
  const message = "More dispatches wait than can be settled in time. Please try again.";
  return new Fault("OVERLOADED", message, { retryAfterMs: RETRY_AFTER_MS });
}

function timeLeftMs({ enteredAt }: Intent): number {
  return enteredAt + DEADLINE_MS - performance.now();
}

/** How many from the head of the line make a batch. */
function batchLength(waiting: readonly Intent[], { batchMax, batchLinesMax }: DispatchDeskOptions): number {
  let lines = 0;
  const end = waiting.slice(0, batchMax).findIndex(({ request }, index) => {
    lines += request.body.lines.length;
    return index > 0 && lines > batchLinesMax;
  });
  return end === -1 ? batchMax : end;
}

/** A dispatch that has not been answered yet. */
interface Intent {
  readonly request: DispatchRequest;
  readonly answer: PromiseWithResolvers<WarehouseAnswer>;
  readonly enteredAt: number;
}

/** In the order of arrival; who was held up comes a little later. */
interface Line {
  waiting: Intent[];
  isSettling: boolean;
}

function newLine(): Line {
  return { waiting: [], isSettling: false };
}

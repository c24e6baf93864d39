import { type BackOff, backOffMs } from "../../../shared/back-off.ts";
import type { BreakerState } from "../../../shared/warehouse.ts";
import { BREAKER_OPEN_MS, CircuitBreaker } from "./circuit-breaker.ts";
import { RetryBudget } from "./retry-budget.ts";
import {
  type BreakerView,
  FailedTryError,
  WarehouseBreakerOpenError,
  type WarehouseObserver,
  WarehouseUnavailableError,
} from "./warehouse-client.ts";

/**
 * The one policy of all calls: retry around breaker around timeout.
 *
 * - A try ends after 5 s. It is not known then whether the warehouse did what it was asked for; the next try asks for the
 *   same under the same key.
 * - A failed try is followed by up to three more, after about 1, 2 and 4 s, as far as the budget goes.
 * - Calls that meet an open breaker fail at once and are not retried.
 *
 * Only a `FailedTryError` and the end of its time count as a try's failure; whatever else it throws goes to the caller as
 * it is. No clock is read that can be set: a jump of the computer's time changes nothing.
 */
export class CallPolicy implements BreakerView {
  readonly #observer: WarehouseObserver;
  readonly #random: () => number;
  readonly #budget = new RetryBudget();
  readonly #breaker: CircuitBreaker;

  constructor({ observer = {}, random = Math.random, trial }: CallPolicyOptions = {}) {
    this.#observer = observer;
    this.#random = random;
    this.#breaker = new CircuitBreaker((from, to, reason) => {
      observer.transitioned?.(from, to, reason);
      if (to === "open") setTimeout(() => trial?.().catch(() => {}), BREAKER_OPEN_MS + TIMER_SLACK_MS).unref();
    });
  }

  get state(): BreakerState {
    return this.#breaker.state;
  }

  get opensInMs(): number {
    return this.#breaker.opensInMs;
  }

  /**
   * @param attempt one try; it should end when the signal aborts, since nobody waits for it any more then
   * @throws WarehouseBreakerOpenError when nothing was sent; WarehouseUnavailableError; what else `attempt` throws
   */
  async execute<T>(
    { operation, signal, once = false }: PolicyCall,
    attempt: (signal: AbortSignal) => Promise<T>,
  ): Promise<T> {
    let failure: FailedTryError | undefined;
    for (let sent = 0; ; sent++) {
      signal?.throwIfAborted();
      // While it is half open, one try is on its way: nobody waits for that one, since it may take all of its time.
      if (this.opensInMs > 0) {
        this.#observer.tried?.(operation, "rejected", 0);
        // Opened between two tries: what says why is the try that was sent; it may have had its effect.
        throw failure ? unavailable(failure) : new WarehouseBreakerOpenError(BREAKER_IS_OPEN);
      }
      if (sent === 0) this.#budget.earn();
      else this.#observer.retried?.(operation);
      try {
        return await this.#try(operation, attempt);
      } catch (error) {
        if (!(error instanceof FailedTryError)) throw error;
        failure = error;
        const mayRetry = sent < RETRIES_MAX && !once && !signal?.aborted && this.#budget.spend();
        if (!mayRetry) throw unavailable(error);
      }
      await pause(backOffMs(sent + 1, RETRY_PAUSE, this.#random));
    }
  }

  /** One try, through breaker and timeout. */
  async #try<T>(operation: string, attempt: (signal: AbortSignal) => Promise<T>): Promise<T> {
    const startedAt = performance.now();
    let outcome: "done" | "refused" | "error" | "timeout" = "error";
    try {
      const answer = await this.#breaker.run(() => inTime(attempt));
      outcome = isRefusal(answer) ? "refused" : "done";
      return answer;
    } catch (error) {
      if (error instanceof LateError) outcome = "timeout";
      throw error;
    } finally {
      this.#observer.tried?.(operation, outcome, (performance.now() - startedAt) / 1_000);
    }
  }
}

export interface CallPolicyOptions {
  readonly observer?: WarehouseObserver | undefined;
  /** From 0 up to, but not including, 1. */
  readonly random?: (() => number) | undefined;
  /** A cheap call, for when a breaker may be tried again: without it that would wait for somebody who wants something. */
  readonly trial?: (() => Promise<unknown>) | undefined;
}

export interface PolicyCall {
  readonly operation: string;
  /** Ends the retries. A try that is on its way goes on: how it ends is what the breaker has to know. */
  readonly signal?: AbortSignal | undefined;
  /** Whether it is not worth a retry. */
  readonly once?: boolean | undefined;
}

/** @throws LateError when the time of a try is over */
async function inTime<T>(attempt: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const controller = new AbortController();
  const late = Promise.withResolvers<never>();
  const timer = setTimeout(() => {
    const error = new LateError(`The warehouse did not answer within ${TRY_MS_MAX / 1_000} s`);
    late.reject(error);
    controller.abort(error);
  }, TRY_MS_MAX);
  try {
    return await Promise.race([attempt(controller.signal), late.promise]);
  } finally {
    clearTimeout(timer);
  }
}

class LateError extends FailedTryError {}

/** Does not keep a process alive that is to end. */
function pause(ms: number): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, ms).unref();
  });
}

function isRefusal(answer: unknown): boolean {
  return typeof answer === "object" && answer !== null && "outcome" in answer && answer.outcome === "refused";
}

function unavailable(failure: FailedTryError): WarehouseUnavailableError {
  return new WarehouseUnavailableError(failure.message, { cause: failure });
}

const BREAKER_IS_OPEN = "The circuit breaker is open: the warehouse has failed too often just now";

/** Of one try. */
export const TRY_MS_MAX = 5_000;

/** Tries after the first one. */
const RETRIES_MAX = 3;

/** 1, 2 and 4 s, each by up to a quarter shorter or longer. */
const RETRY_PAUSE: BackOff = { minMs: 1_250, maxMs: 5_000, jitter: 0.4 };

/** A timer may end a little before `performance.now()` says so. */
const TIMER_SLACK_MS = 50;

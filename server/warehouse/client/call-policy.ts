import {
  type CircuitBreakerPolicy,
  CircuitState,
  circuitBreaker,
  DelegateBackoff,
  handleType,
  handleWhen,
  isTaskCancelledError,
  type RetryPolicy,
  retry,
  TimeoutStrategy,
  timeout,
} from "cockatiel";
import { type BackOff, backOffMs } from "../../../shared/back-off.ts";
import type { BreakerState } from "../../../shared/warehouse.ts";
import { FailedTryError } from "./failed-try-error.ts";
import { FailureWindow } from "./failure-window.ts";
import { MonotonicBreak } from "./monotonic-break.ts";
import { RetryBudget } from "./retry-budget.ts";
import {
  type BreakerView,
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
 * - When half of the latest tries have failed the breaker opens: nothing is sent for 10 s, then one try alone, which closes
 *   it or opens it again. Calls that meet an open breaker fail at once and are not retried.
 *
 * Only a `FailedTryError` and the end of its time count as a try's failure; whatever else it throws goes to the caller as
 * it is. No clock is read that can be set: a jump of the computer's time changes nothing.
 */
export class CallPolicy implements BreakerView {
  readonly #observer: WarehouseObserver;
  readonly #budget = new RetryBudget();
  readonly #retry: RetryPolicy;
  readonly #break = new MonotonicBreak(BREAKER_OPEN_MS);
  readonly #breaker: CircuitBreakerPolicy;
  readonly #timeout = timeout(TRY_MS_MAX, { strategy: TimeoutStrategy.Aggressive, abortOnReturn: false });
  readonly #trial: (() => Promise<unknown>) | undefined;
  #known: BreakerState = "closed";

  constructor({ observer = {}, random = Math.random, trial }: CallPolicyOptions = {}) {
    this.#observer = observer;
    this.#trial = trial;
    this.#retry = retry(handleType(TryAgain), {
      maxAttempts: RETRIES_MAX,
      backoff: new DelegateBackoff(({ attempt }: { attempt: number }) => backOffMs(attempt, RETRY_PAUSE, random)),
      // cockatiel cannot take back a pause whose caller has gone; it must not keep a process alive that is to end.
    }).dangerouslyUnref();
    this.#breaker = circuitBreaker(handleWhen(isFailedTry), {
      breaker: new FailureWindow(),
      halfOpenAfter: this.#break,
    });
    this.#breaker.onStateChange((state) => this.#changed(STATES[state]));
  }

  get state(): BreakerState {
    return STATES[this.#breaker.state];
  }

  get opensInMs(): number {
    if (this.state === "half-open") return TRIAL_MS;
    return this.state === "open" ? this.#break.remainingMs : 0;
  }

  /**
   * @param attempt one try; it should end when the signal aborts, since nobody waits for it any more then
   * @throws WarehouseBreakerOpenError when nothing was sent; WarehouseUnavailableError; what else `attempt` throws
   */
  async execute<T>(
    { operation, signal, once = false }: PolicyCall,
    attempt: (signal: AbortSignal) => Promise<T>,
  ): Promise<T> {
    let sent = 0;
    let lastFailure: unknown;
    try {
      return await this.#retry.execute(async () => {
        signal?.throwIfAborted();
        // While it is half open, one try is on its way: nobody waits for that one, since it may take all of its time.
        if (this.opensInMs > 0) {
          this.#observer.tried?.(operation, "rejected", 0);
          throw new BreakerOpen("The circuit breaker is open: the warehouse has failed too often just now");
        }
        if (sent === 0) this.#budget.earn();
        else this.#observer.retried?.(operation);
        sent++;
        try {
          return await this.#try(operation, attempt);
        } catch (error) {
          lastFailure = error;
          const mayRetry = isFailedTry(error) && sent <= RETRIES_MAX && !once && !signal?.aborted;
          throw mayRetry && this.#budget.spend() ? new TryAgain(error) : error;
        }
      });
    } catch (error) {
      // When the breaker has opened between two tries, what says why is the try that was sent; it may have had its effect.
      throw explained(error instanceof BreakerOpen && sent > 0 ? lastFailure : error);
    }
  }

  /** One try, through breaker and timeout. */
  async #try<T>(operation: string, attempt: (signal: AbortSignal) => Promise<T>): Promise<T> {
    const startedAt = performance.now();
    let outcome: "done" | "refused" | "error" | "timeout" = "error";
    try {
      const answer = await this.#breaker.execute(() => this.#timeout.execute(({ signal }) => attempt(signal)));
      outcome = isRefusal(answer) ? "refused" : "done";
      return answer;
    } catch (error) {
      if (isTaskCancelledError(error)) outcome = "timeout";
      throw error;
    } finally {
      this.#observer.tried?.(operation, outcome, (performance.now() - startedAt) / 1_000);
    }
  }

  #changed(to: BreakerState): void {
    const from = this.#known;
    this.#known = to;
    const failure = this.#breaker.lastFailure;
    const reason = to === "open" && failure && "error" in failure ? reasonOf(failure.error) : undefined;
    this.#observer.transitioned?.(from, to, reason);
    if (to === "open") setTimeout(() => this.#trial?.().catch(() => {}), BREAKER_OPEN_MS + TIMER_SLACK_MS).unref();
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

/** Tries after the first one. */
const RETRIES_MAX = 3;

/** 1, 2 and 4 s, each by up to a quarter shorter or longer. */
const RETRY_PAUSE: BackOff = { minMs: 1_250, maxMs: 5_000, jitter: 0.4 };

/** Of one try. */
export const TRY_MS_MAX = 5_000;

export const BREAKER_OPEN_MS = 10_000;

/** A timer may end a little before `performance.now()` says so. */
const TIMER_SLACK_MS = 50;

/** When to ask again while a half-open breaker waits for its one try: most answers take far less. */
const TRIAL_MS = 250;

const STATES: Record<CircuitState, BreakerState> = {
  [CircuitState.Closed]: "closed",
  [CircuitState.HalfOpen]: "half-open",
  [CircuitState.Open]: "open",
  // A breaker that somebody holds open; nobody does.
  [CircuitState.Isolated]: "open",
};

/** Tells cockatiel's retry to go on. */
class TryAgain extends Error {
  constructor(cause: unknown) {
    super("to be tried again", { cause });
  }
}

class BreakerOpen extends Error {}

function isFailedTry(error: unknown): boolean {
  return error instanceof FailedTryError || isTaskCancelledError(error);
}

function isRefusal(answer: unknown): boolean {
  return typeof answer === "object" && answer !== null && "outcome" in answer && answer.outcome === "refused";
}

/** What the caller hears. */
function explained(error: unknown): unknown {
  if (error instanceof BreakerOpen) return new WarehouseBreakerOpenError(error.message);
  if (isFailedTry(error)) return new WarehouseUnavailableError(reasonOf(error), { cause: error });
  return error;
}

function reasonOf(error: unknown): string {
  if (isTaskCancelledError(error)) return `The warehouse did not answer within ${TRY_MS_MAX / 1_000} s`;
  return error instanceof Error ? error.message : String(error);
}

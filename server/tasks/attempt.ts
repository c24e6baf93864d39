import { causesOf } from "../database/causes-of.ts";
import type { Tx } from "../database/database.ts";
import { taskBackOffMs } from "./back-off.ts";
import { type Attempt, FatalTaskError, type HeldTask, type TaskHandler, type TaskOutcome } from "./handler.ts";
import type { Settlement } from "./settle.ts";

/** One attempt under way: its lease, as far as this process knows, and its signal. All times by `performance.now()`. */
export class RunningAttempt implements Attempt {
  readonly task: HeldTask;
  readonly startedAtMs = performance.now();
  /** When it has had all the time that an attempt may take. */
  readonly endsByMs: number;
  /** When the lease is over unless it was renewed, and when that is due. */
  heldUntilMs = 0;
  renewAtMs = 0;
  /** Settles, and never rejects, when the handler does or the attempt is given up. */
  readonly ended: Promise<AttemptEnd>;
  readonly #end: (end: AttemptEnd) => void;
  #controller: AbortController | undefined;
  #abortedWith: Error | undefined;

  /** @param options.heldSinceMs when the lease was asked for */
  constructor(task: HeldTask, { heldSinceMs, timeoutMs }: { heldSinceMs: number; timeoutMs: number }) {
    this.task = task;
    this.endsByMs = this.startedAtMs + timeoutMs;
    const { promise, resolve } = Promise.withResolvers<AttemptEnd>();
    this.ended = promise;
    this.#end = resolve;
    this.renewed(heldSinceMs);
  }

  /** Made when a handler asks for it: most of what is quick does not. */
  get signal(): AbortSignal {
    if (!this.#controller) {
      this.#controller = new AbortController();
      if (this.#abortedWith) this.#controller.abort(this.#abortedWith);
    }
    return this.#controller.signal;
  }

  start(handler: TaskHandler): void {
    // In a promise, so that a handler that throws at once fails like any other.
    const running = new Promise<TaskOutcome>((resolve) => resolve(handler.run(this.task, this)));
    running.then(
      (outcome) => this.#end(endOf(this.task, outcome)),
      (error: unknown) => this.#end(failureOf(this.task, error)),
    );
  }

  /** @param sinceMs when the lease was asked for, or its renewal */
  renewed(sinceMs: number): void {
    this.heldUntilMs = sinceMs + this.task.leaseMs;
    this.renewAtMs = sinceMs + this.task.leaseMs / HEARTBEATS_PER_LEASE;
  }

  abort(reason: Error): void {
    this.#abortedWith ??= reason;
    this.#controller?.abort(reason);
  }

  /** Not waited for any longer; whatever the handler still says is ignored. */
  giveUp(why: string, delayMs: number = taskBackOffMs(this.task)): void {
    this.abort(new Error(why));
    this.#end({ to: "FAILED", task: this.task, text: why, delayMs });
  }
}

/** What is to be stored of an attempt. */
export interface AttemptEnd extends Settlement {
  readonly effect?: ((tx: Tx) => Promise<void>) | undefined;
}

export function failureOf(task: HeldTask, error: unknown): AttemptEnd {
  const delayMs = error instanceof FatalTaskError ? null : taskBackOffMs(task);
  return { to: "FAILED", task, text: errorText(error), delayMs };
}

function endOf(task: HeldTask, outcome: TaskOutcome): AttemptEnd {
  if (outcome.kind === "postponed") {
    return { to: "PENDING", task, text: storableText(outcome.reason), delayMs: outcome.delayMs };
  }
  try {
    const text = JSON.stringify(outcome.result ?? null);
    return { to: "COMPLETED", task, text, delayMs: null, effect: outcome.effect };
  } catch (error) {
    return failureOf(task, error);
  }
}

/**
 * Why an attempt failed, as operators read it: what PostgreSQL can store, and not the pages of parameters that Drizzle
 * adds to an error of the database.
 */
function errorText(error: unknown): string {
  const causes = causesOf(error);
  const told = causes[0]?.name === "DrizzleQueryError" ? causes.at(-1) : causes[0];
  return storableText(told ? told.message || told.name : String(error));
}

/** Without what PostgreSQL does not take: NUL and halves of characters. */
function storableText(text: string): string {
  return text.slice(0, TEXT_LENGTH_MAX).replaceAll("\0", "").toWellFormed();
}

/** More than a person reads, and far less than would weigh on a table that keeps every attempt. */
const TEXT_LENGTH_MAX = 1_000;

/** Two may be lost before the lease is. */
const HEARTBEATS_PER_LEASE = 3;

import { sleep, systemClock } from "../../sdk/clock.ts";
import { faultOf } from "../../sdk/errors.ts";
import { DoorbusterError, type DoorbusterErrorCode, type RetryOptions } from "../../sdk/index.ts";
import { exclusively } from "./exclusively.ts";
import type { PendingIntent, PendingIntents } from "./pending-intents.ts";

/**
 * Sees every pending intent of one user through to its decision.
 *
 *   added ──▶ sending ──▶ decided                       struck out, told to every tab
 *               │  ▲
 *               ▼  │ by itself, with back-off           connection lost, crowd, server away
 *            retrying
 *               │
 *               ├────▶ stuck ──▶ sending (`tryAgain`)   signed out, or a failure of the server's own: still pending
 *               │        └─────▶ dropping (`drop`)      struck out once it is certain that nothing was done
 *               ├────▶ failed                           refused, and nothing was done: struck out
 *               └────▶ looked up ──▶ decided, failed    turned away after a try whose answer may have been lost; stuck
 *                                    or stuck           where nobody can be asked
 *
 * One tab sends at a time where the browser has locks; correctness rests on the key alone. Only the page that was
 * clicked in sends by itself. Another one, also the same after a reload, asks what became of the key, and where nothing
 * did, it is stuck until the buyer says whether it shall go on: nobody is charged for what they gave up on.
 */
export class IntentRunner<Intent extends PendingIntent, Decision> {
  readonly #options: IntentRunnerOptions<Intent, Decision>;
  readonly #running = new Map<string, AbortController>();
  readonly #listeners = new Set<() => void>();
  /** Keys of clicks in this page that were never sent: only the first try of such a one has none before it. */
  readonly #unsent = new Set<string>();
  /** Keys of clicks in this page, and of what the buyer has told it to go on with. */
  readonly #allowed = new Set<string>();
  readonly #dropped = new Set<string>();
  /** When this page last sent anything; the start of the page, after which no earlier one sent. */
  #lastSentAtMs = 0;
  #userId: string | undefined;
  #progress: ReadonlyMap<string, Progress> = new Map();
  #stop: (() => void) | undefined;

  constructor(options: IntentRunnerOptions<Intent, Decision>) {
    this.#options = options;
  }

  /** Resumes what this user left pending, here or in another tab, until `stop`. */
  start(userId: string): void {
    if (userId === this.#userId) return;
    this.stop();
    this.#userId = userId;
    this.#stop = this.#options.intents.subscribe(() => this.#resume());
    // Whoever shows the intents hears as well of what other tabs did before this one listened.
    this.#options.intents.noteStorageEvent({ key: null });
  }

  /** Whoever clicked has left: what they come back to asks them first. */
  forget(): void {
    this.#allowed.clear();
  }

  stop(): void {
    this.#stop?.();
    this.#userId = undefined;
    for (const controller of this.#running.values()) controller.abort();
    this.#running.clear();
    this.#setProgress(new Map());
  }

  /** Writes the intent down, then sends it. Returns after the first. */
  submit(intent: Intent): void {
    this.#unsent.add(intent.key);
    this.#allowed.add(intent.key);
    this.#options.intents.add(intent);
  }

  /** Sends a stuck intent again, with its key. */
  tryAgain(key: string): void {
    this.#allowed.add(key);
    this.#restart(key);
  }

  /** Of another page's: the buyer signs in for this one, and it goes on by itself then. */
  allow(key: string): void {
    this.#allowed.add(key);
  }

  /** Whether it can become certain that nothing was done. */
  canDrop({ key, isTurnedAway }: Intent): boolean {
    const progress = this.#progress.get(key);
    const isSignedOut = progress?.phase === "stuck" && progress.error?.code === "UNAUTHENTICATED";
    return isTurnedAway === true || (this.#options.lookUp !== undefined && !isSignedOut);
  }

  /** The buyer gives it up: struck out when it is certain that nothing was done under its key, else told. */
  drop(key: string): void {
    this.#allowed.delete(key);
    if (this.#options.intents.all().some((intent) => intent.key === key && intent.isTurnedAway)) {
      this.#running.get(key)?.abort();
      this.#strikeOut(key);
    } else {
      this.#dropped.add(key);
      this.#restart(key);
    }
  }

  #restart(key: string): void {
    this.#mark(key, undefined);
    this.#running.get(key)?.abort();
    this.#running.delete(key);
    this.#resume();
  }

  /** Back online: sends now whatever waits for its next try. */
  hurry(): void {
    for (const [key, { phase }] of this.#progress) if (phase === "retrying") this.#restart(key);
  }

  /** How far each pending intent is, by key. The same map until something changes. */
  progress(): ReadonlyMap<string, Progress> {
    return this.#progress;
  }

  subscribe(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  #resume(): void {
    const pending = this.#options.intents.all().filter((intent) => intent.userId === this.#userId);
    for (const intent of pending) {
      const isStuck = this.#progress.get(intent.key)?.phase === "stuck";
      if (!isStuck && !this.#running.has(intent.key)) void this.#run(intent);
    }
    for (const key of this.#progress.keys()) {
      if (!pending.some((intent) => intent.key === key)) this.#mark(key, undefined);
    }
  }

  async #run(intent: Intent): Promise<void> {
    const controller = new AbortController();
    this.#running.set(intent.key, controller);
    this.#mark(intent.key, { phase: this.#dropped.has(intent.key) ? "dropping" : "sending" });
    if (intent.isTurnedAway) this.#unsent.add(intent.key);
    const { signal } = controller;
    let isLatest = false;
    try {
      await exclusively(`${this.#options.name}.${intent.key}`, signal, () => this.#send(intent, signal));
    } finally {
      isLatest = this.#running.get(intent.key) === controller;
      if (isLatest) this.#running.delete(intent.key);
    }
    // A key may come again as soon as its decision was told, while its run still ends: a refused basket keeps its key.
    if (isLatest) this.#resume();
  }

  async #send(intent: Intent, signal: AbortSignal): Promise<void> {
    while (!signal.aborted && this.#options.intents.has(intent.key)) {
      if (this.#dropped.has(intent.key)) return this.#findOut(intent, undefined, signal);
      const isFirstTry = this.#allowed.has(intent.key) && this.#unsent.delete(intent.key);
      try {
        const decision = await this.#decisionOn(intent, signal);
        if (signal.aborted) return;
        if (decision === undefined) return this.#mark(intent.key, { phase: "stuck", error: undefined });
        return this.#conclude(intent, decision);
      } catch (cause) {
        if (signal.aborted) return;
        const error = errorOf(cause);
        const { verdict } = faultOf(error.code);
        const isOpen = verdict === "turned-away" && (!isFirstTry || error.outcome === "unknown");
        if (isOpen) return this.#findOut(intent, error, signal);
        if (verdict === "stuck") return this.#getStuck(intent, error, isFirstTry);
        if (verdict !== "again") return this.#fail(intent, error);
        await this.#waitAfter(intent.key, error, signal);
      }
    }
  }

  /** Undefined while nobody has allowed it; null when it is too old to be sent. */
  async #decisionOn(intent: Intent, signal: AbortSignal): Promise<Decision | null | undefined> {
    const { lookUp, send, intents } = this.#options;
    const isOld = Date.now() - Date.parse(intent.createdAt) > FRESH_MS;
    if (lookUp && isOld) return lookUp(intent, { signal });
    if (!this.#allowed.has(intent.key)) return (await lookUp?.(intent, { signal })) ?? undefined;
    if (intent.isTurnedAway) intents.add({ ...intent, isTurnedAway: false });
    try {
      return await send(intent, { signal, onRetry: (retry) => this.#noteRetry(intent.key, retry) });
    } finally {
      this.#lastSentAtMs = performance.now();
    }
  }

  #getStuck(intent: Intent, error: DoorbusterError, isFirstTry: boolean): void {
    // Clicked in this page, it goes on with the buyer's next session, wherever in it they sign in.
    if (error.code !== "UNAUTHENTICATED") this.#allowed.delete(intent.key);
    this.#mark(intent.key, { phase: "stuck", error });
    const isCertain = isFirstTry && error.code === "UNAUTHENTICATED" && error.outcome !== "unknown";
    if (isCertain && this.#options.intents.has(intent.key)) {
      this.#options.intents.add({ ...intent, isTurnedAway: true });
    }
  }

  /**
   * Turned away or given up, though an earlier try may have gone through or still be under way: asks what became of the
   * key.
   */
  async #findOut(intent: Intent, refusal: DoorbusterError | undefined, signal: AbortSignal): Promise<void> {
    const { lookUp, intents } = this.#options;
    if (!lookUp) return this.#stayStuck(intent.key, refusal);
    const settledAtMs = this.#lastSentAtMs + SETTLED_MS;
    while (!signal.aborted && intents.has(intent.key)) {
      const isSettled = performance.now() >= settledAtMs;
      let failure = new DoorbusterError("OUTCOME_UNKNOWN", refusal?.message ?? "");
      try {
        const decision = await lookUp(intent, { signal });
        if (signal.aborted) return;
        if (decision !== null) return this.#conclude(intent, decision);
        if (isSettled) return refusal ? this.#fail(intent, refusal) : this.#strikeOut(intent.key);
      } catch (cause) {
        if (signal.aborted) return;
        failure = errorOf(cause);
        if (faultOf(failure.code).verdict !== "again") return this.#stayStuck(intent.key, failure);
      }
      await this.#waitAfter(intent.key, failure, signal);
    }
  }

  #stayStuck(key: string, error: DoorbusterError | undefined): void {
    this.#dropped.delete(key);
    this.#mark(key, { phase: "stuck", error });
  }

  async #waitAfter(key: string, error: DoorbusterError, signal: AbortSignal): Promise<void> {
    const delayMs = Math.max(PAUSE_MS, error.retryAfterMs ?? 0);
    this.#noteRetry(key, { reason: error.code, delayMs });
    await sleep(systemClock, delayMs, signal);
  }

  #conclude(intent: Intent, decision: Decision | null): void {
    this.#options.onDecided(intent, decision);
    this.#strikeOut(intent.key);
  }

  #fail(intent: Intent, error: DoorbusterError): void {
    this.#options.onFailed(intent, error);
    this.#strikeOut(intent.key);
  }

  #noteRetry(key: string, { reason, delayMs }: { reason: DoorbusterErrorCode; delayMs: number }): void {
    if (!this.#dropped.has(key)) this.#mark(key, { phase: "retrying", reason, delayMs });
  }

  #strikeOut(key: string): void {
    this.#allowed.delete(key);
    this.#dropped.delete(key);
    this.#mark(key, undefined);
    this.#options.intents.remove(key);
  }

  #mark(key: string, progress: Progress | undefined): void {
    const next = new Map(this.#progress);
    if (progress) next.set(key, progress);
    else next.delete(key);
    this.#setProgress(next);
  }

  #setProgress(progress: ReadonlyMap<string, Progress>): void {
    this.#progress = progress;
    for (const listener of this.#listeners) listener();
  }
}

export type Progress =
  | { readonly phase: "sending" }
  | { readonly phase: "retrying"; readonly reason: DoorbusterErrorCode; readonly delayMs: number }
  /** Gives it up as soon as it is certain that nothing was done. */
  | { readonly phase: "dropping" }
  /** Without an error: another page left it, and the buyer is asked whether it shall go on. */
  | { readonly phase: "stuck"; readonly error: DoorbusterError | undefined };

/** What does not go on by itself, for the buyer to see. */
export type Held = Extract<Progress, { phase: "stuck" | "dropping" }>;

export function heldOf(progress: Progress | undefined): Held | undefined {
  return progress?.phase === "stuck" || progress?.phase === "dropping" ? progress : undefined;
}

export interface IntentRunnerOptions<Intent extends PendingIntent, Decision> {
  /** Names the locks between tabs. */
  readonly name: string;
  readonly intents: PendingIntents<Intent>;
  /** Sends the intent with its key until it is decided. */
  readonly send: (intent: Intent, options: RetryOptions) => Promise<Decision>;
  /** Asks what was decided under the intent's key; null when nothing was. Nothing will be once no try is under way. */
  readonly lookUp?: (intent: Intent, options: { signal: AbortSignal }) => Promise<Decision | null>;
  /** Called before the intent is struck out; with null when an old intent never reached the server. */
  readonly onDecided: (intent: Intent, decision: Decision | null) => void;
  /** Nothing was done, for a reason that sending again cannot change. */
  readonly onFailed: (intent: Intent, error: DoorbusterError) => void;
}

/** Longer than any reload or lost connection that a buyer sits through. */
const FRESH_MS = 10 * 60_000;

/** A try that was sent before this is answered or dead: as long as the client waits for one answer. */
const SETTLED_MS = 15_000;

/** Between two deadlines of the client's: it has waited between its own tries already. */
const PAUSE_MS = 1_000;

function errorOf(cause: unknown): DoorbusterError {
  if (cause instanceof DoorbusterError) return cause;
  return new DoorbusterError("INTERNAL", "Something went wrong in this page.", { cause });
}

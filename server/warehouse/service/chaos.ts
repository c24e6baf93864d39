import { Fault } from "../../../shared/faults.ts";
import type { ChaosFault, ChaosInput, ChaosState } from "../../../shared/operations.ts";
import { databaseClock } from "../../database/database-clock.ts";

/** How time passes: monotonic, so that a clock that is set changes nothing. Tests drive it. */
export interface Time {
  /** Milliseconds since some moment. */
  now(): number;
  /** Calls back once, and answers how to call that off. */
  after(ms: number, callback: () => void): () => void;
}

export interface ChaosOptions {
  /** The others are refused. */
  readonly allowed: readonly ChaosFault[];
  /** Told of each fault that a request met. */
  readonly onInjected?: (fault: ChaosFault) => void;
  readonly time?: Time;
  /** From 0 up to 1. */
  readonly random?: () => number;
}

/**
 * The faults that this process has been given on purpose. They live in its memory alone, so that a restart mends
 * everything, and each has an end, so that none stays on by accident. Nothing of a fault outlives it: who still waits
 * because of it goes on when it ends.
 */
export class Chaos {
  readonly #options: ChaosOptions;
  readonly #time: Time;
  readonly #random: () => number;
  readonly #active = new Map<ChaosFault, ActiveFault>();
  /** Callers that latency keeps waiting. */
  readonly #waiting = new Set<() => void>();

  constructor(options: ChaosOptions) {
    this.#options = options;
    this.#time = options.time ?? REAL_TIME;
    this.#random = options.random ?? Math.random;
  }

  /**
   * Starts a fault in place of what there is of its kind, or stops one, or all.
   *
   * @throws Fault FORBIDDEN where it is not allowed
   */
  control(input: ChaosInput): ChaosState {
    if (input.action === "start") this.#start(input);
    else this.stop(input.fault);
    return this.state();
  }

  /** Gives a fault its usual settings until a time that is told by the calendar. Does nothing when that has passed. */
  startUntil(fault: ChaosFault, until: string, settings: { latencyMs: number; rate: number }): void {
    const durationMs = Date.parse(until) - databaseClock.nowMs();
    if (durationMs > 0) this.#start({ fault, durationMs, ...settings });
  }

  /** Ends one fault, or all of them. Whoever waits because of what ends goes on; the others wait as long as they had to. */
  stop(fault?: ChaosFault): void {
    if (fault === undefined) this.#active.clear();
    else this.#active.delete(fault);
    if (fault === undefined || fault === "latency") this.#wakeAll();
  }

  state(): ChaosState {
    const active = [...this.#active.keys()].flatMap((fault) => this.#find(fault) ?? []);
    return {
      allowed: [...this.#options.allowed],
      active: active.map(({ fault, until, latencyMs, rate }) => ({ fault, until, latencyMs, rate })),
    };
  }

  /** Whether this request's connection is to be cut. */
  refuses(): boolean {
    return this.#strikes("refuse");
  }

  /** Whether this request is to fail before any work. */
  fails(): boolean {
    return this.#strikes("errors");
  }

  /** Keeps a request waiting before its work, where it is to be late. */
  async delay(): Promise<void> {
    if (!this.#strikes("latency")) return;
    const latency = this.#find("latency");
    if (!latency) return;
    const { promise, resolve } = Promise.withResolvers<void>();
    const cancel = this.#time.after(Math.min(latency.latencyMs ?? 0, latency.endsAt - this.#time.now()), resolve);
    this.#waiting.add(resolve);
    await promise;
    this.#waiting.delete(resolve);
    cancel();
  }

  /** Whether the process is to end now, after a commit and before its answer. It is true once. */
  takesCrash(): boolean {
    const strikes = this.#strikes("crash");
    this.#active.delete("crash");
    return strikes;
  }

  #start({ fault, durationMs, latencyMs, rate }: Omit<ChaosStart, "action">): void {
    if (!this.#options.allowed.includes(fault)) {
      throw new Fault(
        "FORBIDDEN",
        `The fault "${fault}" may not be given to this warehouse: CHAOS_ALLOWED does not name it.`,
      );
    }
    this.#active.set(fault, {
      fault,
      endsAt: this.#time.now() + durationMs,
      until: new Date(databaseClock.nowMs() + durationMs).toISOString(),
      latencyMs: fault === "latency" ? latencyMs : null,
      rate: fault === "crash" ? 1 : rate,
    });
    if (fault === "latency") this.#wakeAll();
  }

  #strikes(fault: ChaosFault): boolean {
    const active = this.#find(fault);
    if (!active || this.#random() >= active.rate) return false;
    this.#options.onInjected?.(fault);
    return true;
  }

  /** A fault that is on. One that is over is forgotten when it is next looked for. */
  #find(fault: ChaosFault): ActiveFault | undefined {
    const active = this.#active.get(fault);
    if (!active || this.#time.now() < active.endsAt) return active;
    this.#active.delete(fault);
    return undefined;
  }

  #wakeAll(): void {
    for (const wake of this.#waiting) wake();
  }
}

type ChaosStart = Extract<ChaosInput, { action: "start" }>;

interface ActiveFault {
  readonly fault: ChaosFault;
  /** By the monotonic clock, which decides. */
  readonly endsAt: number;
  /** By the calendar, for people. */
  readonly until: string;
  readonly latencyMs: number | null;
  readonly rate: number;
}

const REAL_TIME: Time = {
  now: () => performance.now(),
  after(ms, callback) {
    const timer = setTimeout(callback, ms);
    return () => clearTimeout(timer);
  },
};

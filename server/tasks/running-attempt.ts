import type { Attempt, TaskHandler, TaskOutcome } from "./handler.ts";
import type { HeldTask } from "./held-task.ts";

/** How the work of an attempt ended, before anything is stored. */
export type WorkEnd =
  | { readonly is: "done"; readonly outcome: TaskOutcome }
  | { readonly is: "thrown"; readonly error: unknown }
  /** Not waited for any longer; whatever the handler still says is ignored. */
  | { readonly is: "given up"; readonly why: string; readonly delayMs?: number };

/** One attempt under way: its lease, as far as this process knows, and its signal. All times by `performance.now()`. */
export class RunningAttempt implements Attempt {
  readonly task: HeldTask;
  readonly startedAtMs: number;
  /** When it has had all the time that an attempt may take. */
  readonly endsByMs: number;
  /** When the lease is over unless it was renewed, and when that is due. */
  heldUntilMs = 0;
  renewAtMs = 0;
  /** Settles, and never rejects, when the handler does or the attempt is given up. */
  readonly ended: Promise<WorkEnd>;
  #end: (end: WorkEnd) => void = () => {};
  #controller: AbortController | undefined;
  #abortedWith: Error | undefined;

  constructor(task: HeldTask, { heldSinceMs, timeoutMs }: { heldSinceMs: number; timeoutMs: number }) {
    this.task = task;
    this.startedAtMs = performance.now();
    this.endsByMs = this.startedAtMs + timeoutMs;
    this.ended = new Promise((resolve) => {
      this.#end = resolve;
    });
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
      (outcome) => this.#end({ is: "done", outcome }),
      (error: unknown) => this.#end({ is: "thrown", error }),
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

  giveUp(why: string, options: { delayMs?: number } = {}): void {
    this.abort(new Error(why));
    this.#end({ is: "given up", why, ...options });
  }
}

/** Two may be lost before the lease is. */
const HEARTBEATS_PER_LEASE = 3;

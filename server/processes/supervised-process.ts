import type { ChildProcess } from "node:child_process";
import type { Logger } from "pino";
import { type BackOff, backOffMs } from "../../shared/back-off.ts";
import { AWAY_MS_MAX } from "../database/retry-while-away.ts";
import type { MetricsJson } from "../metrics/metrics-json.ts";
import { ProcessesError } from "./explain-error.ts";
import { forkProcess, giveWay } from "./fork-process.ts";
import type { FromChild, StartFailure, ToChild } from "./run-as-child.ts";

/**
 * A role in a process of its own, kept running until it is stopped: when it ends, another is started, at once after a long
 * life, else after a pause that grows. What it runs follows `runAsChild`.
 *
 *     starting ──▶ working ──▶ ended ──▶ (pause) ──▶ starting …
 *         └───────────────────▶│
 */
export class SupervisedProcess<Instructions> {
  readonly #options: SupervisedOptions<Instructions>;
  readonly #firstStart = Promise.withResolvers<void>();
  readonly #gone = Promise.withResolvers<void>();
  #child: ChildProcess | undefined;
  #starts = 0;
  #startedAt = 0;
  #isWorking = false;
  #hasWorked = false;
  #shortLives = 0;
  #failure: StartFailure | undefined;
  /** How long a database that is away is waited for, from the first start that failed. */
  #givesUpAt: number | undefined;
  /** Why it does not start again, as it was last logged. */
  #loggedReason: string | undefined;
  #pause: NodeJS.Timeout | undefined;
  #isStopping = false;
  #collecting: PromiseWithResolvers<MetricsJson> | undefined;

  constructor(options: SupervisedOptions<Instructions>) {
    this.#options = options;
  }

  /**
   * Resolves when it first works. A database that is away is waited for.
   *
   * @throws ProcessesError with the reason why it does not start
   */
  async start(): Promise<void> {
    // Whoever ends this process without waiting wants all of them gone.
    process.on("exit", () => this.#child?.kill("SIGKILL"));
    this.#fork();
    await this.#firstStart.promise;
  }

  /** Lets it finish what is under way, and resolves when it is gone. */
  async stop(): Promise<void> {
    this.#isStopping = true;
    clearTimeout(this.#pause);
    if (!this.#child) return;
    this.#tell({ kind: "stop" });
    const timer = setTimeout(() => this.#child?.kill("SIGKILL"), STOP_MS_MAX);
    await this.#gone.promise;
    clearTimeout(timer);
  }

  /** Its metrics as they are now. Rejects when it ends; does not settle while it stands still. */
  collect(): Promise<MetricsJson> {
    if (!this.#child?.connected) return Promise.reject(new Error("the process is not there"));
    if (!this.#collecting) {
      this.#collecting = Promise.withResolvers();
      this.#tell({ kind: "collect metrics" });
    }
    return this.#collecting.promise;
  }

  #fork(): void {
    const child = forkProcess(this.#options.module);
    this.#child = child;
    this.#starts += 1;
    this.#startedAt = performance.now();
    this.#isWorking = false;
    this.#failure = undefined;
    // Not in its first start, which the whole start waits for.
    if (this.#starts > 1) giveWay(child);
    child.on("message", (message) => this.#hear(message as FromChild));
    child.on("exit", (code, signal) => this.#ended(signal ?? `exit code ${code}`));
    child.on("error", (error) => {
      this.#failure ??= { reason: error.message, isDatabaseAway: false };
      // One that could not even be made has no end of its own.
      if (child.pid === undefined) this.#ended(error.message);
    });
  }

  #hear(message: FromChild): void {
    switch (message.kind) {
      case "here":
        void this.#begin(this.#starts);
        break;
      case "working":
        this.#works();
        break;
      case "metrics":
        this.#collecting?.resolve(message.metrics);
        this.#collecting = undefined;
        break;
      case "failed":
        this.#failure = message;
        break;
      default:
        message satisfies never;
    }
  }

  async #begin(start: number): Promise<void> {
    try {
      await this.#options.mayBegin;
    } catch {
      // Then the whole start fails, and stops this as well.
      return;
    }
    if (start === this.#starts) this.#tell({ kind: "begin", instructions: this.#options.instructions(start) });
  }

  #works(): void {
    this.#isWorking = true;
    this.#hasWorked = true;
    this.#loggedReason = undefined;
    if (this.#child) giveWay(this.#child);
    this.#options.logger.info({ role: this.#options.name, pid: this.#child?.pid }, "a process works");
    this.#firstStart.resolve();
  }

  #ended(how: string): void {
    const { name, logger } = this.#options;
    this.#child = undefined;
    this.#collecting?.reject(new Error("the process ended"));
    this.#collecting = undefined;
    if (this.#isStopping) {
      this.#gone.resolve();
      return;
    }
    this.#shortLives = performance.now() - this.#startedAt < LONG_LIFE_MS ? this.#shortLives + 1 : 0;
    this.#pause = setTimeout(
      () => this.#fork(),
      this.#shortLives === 0 ? 0 : backOffMs(this.#shortLives, RESTART_PAUSE),
    );
    if (this.#isWorking) logger.error({ role: name, how }, "a process ended and is started again");
    else {
      const reason = `The ${name} process ended while it was starting (${how}).`;
      this.#failedToStart(this.#failure ?? { reason, isDatabaseAway: false });
    }
  }

  #failedToStart({ reason, isDatabaseAway }: StartFailure): void {
    this.#givesUpAt ??= performance.now() + AWAY_MS_MAX;
    const isWaitedFor = this.#hasWorked || (isDatabaseAway && performance.now() < this.#givesUpAt);
    if (!isWaitedFor) this.#firstStart.reject(new ProcessesError(reason));
    else if (reason !== this.#loggedReason) {
      this.#loggedReason = reason;
      this.#options.logger.error({ role: this.#options.name, reason }, "a process does not start; trying again");
    }
  }

  /** One that is ending hears nothing, and needs nothing. */
  #tell(message: ToChild<Instructions>): void {
    if (this.#child?.connected) this.#child.send(message as object, () => {});
  }
}

export interface SupervisedOptions<Instructions> {
  /** In the log. */
  readonly name: string;
  /** The path of what it runs, which calls `runAsChild`. */
  readonly module: string;
  /** What has to be there before it begins; its process is made meanwhile. */
  readonly mayBegin?: Promise<unknown>;
  /** @param start which start it is, from 1 */
  readonly instructions: (start: number) => Instructions;
  readonly logger: Logger;
}

/** A process that lived so long did not end because of how it was started. */
const LONG_LIFE_MS = 10_000;

/** What keeps a process from starting, a database that is down say, is tried again often enough. */
const RESTART_PAUSE: BackOff = { minMs: 100, maxMs: 10_000, jitter: 0 };

/** A task under way gets ten seconds, and the database's connections as many. */
const STOP_MS_MAX = 30_000;

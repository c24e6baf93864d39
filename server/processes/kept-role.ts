import { join } from "node:path";
import type { Logger } from "pino";
import { AWAY_MS_MAX } from "../database/retry-while-away.ts";
import type { MetricsJson } from "../metrics/metrics-json.ts";
import { KeptChild, type StartFailure } from "./kept-child.ts";
import { ProcessesError } from "./processes-error.ts";
import type { FromRoleProcess, ToRoleProcess } from "./role-messages.ts";

/**
 * A role that has a process of its own, kept running for as long as it is not stopped. It gives way to the web processes
 * when there is not enough processor for all: buyers wait for those.
 */
export class KeptRole<Instructions> {
  readonly #child: KeptChild<ToRoleProcess<Instructions>, FromRoleProcess>;
  readonly #options: KeptRoleOptions<Instructions>;
  readonly #started = Promise.withResolvers<void>();
  readonly #gone = Promise.withResolvers<void>();
  #hasStarted = false;
  /** How long a database that is away is waited for, from the first start that failed. */
  #givesUpAt: number | undefined;
  /** Why it does not start again, as it was last logged. */
  #toldReason: string | undefined;

  constructor(options: KeptRoleOptions<Instructions>) {
    const { name, logger } = options;
    this.#options = options;
    this.#child = new KeptChild({
      name,
      module: join(import.meta.dirname, `${name}-process.ts`),
      niceness: NICENESS,
      onMessage: (message) => this.#hear(message),
      onCrashed: (how) => logger.error({ role: name, how }, "a process ended and is started again"),
      onFailed: (failure) => this.#failedToStart(failure),
      onEmpty: () => this.#gone.resolve(),
    });
  }

  /**
   * Resolves when it first works. A database that is away is waited for.
   *
   * @throws ProcessesError with the reason why it does not start
   */
  async start(): Promise<void> {
    // Whoever ends this process without waiting wants all of them gone.
    process.on("exit", () => this.#child.kill());
    this.#child.begin();
    await this.#started.promise;
  }

  /** Lets it finish what is under way, and resolves when it is gone. */
  async stop(): Promise<void> {
    this.#child.stop({ kind: "stop" });
    if (this.#child.isEmpty) return;
    const timer = setTimeout(() => this.#child.kill(), STOP_MS_MAX);
    await this.#gone.promise;
    clearTimeout(timer);
  }

  /** See `KeptChild.collect`. */
  collect(): Promise<MetricsJson> {
    return this.#child.collect();
  }

  async #begin(start: number): Promise<void> {
    try {
      await this.#options.mayBegin;
    } catch {
      // Then the whole start fails, and stops this as well.
      return;
    }
    if (start === this.#child.starts)
      this.#child.tell({ kind: "begin", instructions: this.#options.instructions(start) });
  }

  #failedToStart({ reason, isDatabaseAway }: StartFailure): void {
    this.#givesUpAt ??= performance.now() + AWAY_MS_MAX;
    const isWaitedFor = this.#hasStarted || (isDatabaseAway && performance.now() < this.#givesUpAt);
    if (!isWaitedFor) this.#started.reject(new ProcessesError(reason));
    else if (reason !== this.#toldReason) {
      this.#toldReason = reason;
      this.#options.logger.error({ role: this.#options.name, reason }, "a process does not start; trying again");
    }
  }

  #hear(message: FromRoleProcess): void {
    switch (message.kind) {
      case "here":
        void this.#begin(this.#child.starts);
        break;
      case "ready":
        this.#child.serves();
        this.#hasStarted = true;
        this.#toldReason = undefined;
        this.#started.resolve();
        this.#options.logger.info({ role: this.#options.name, pid: this.#child.pid }, "a process works");
        break;
      case "failed":
        this.#child.failed(message);
        break;
      default:
        message satisfies never;
    }
  }
}

export interface KeptRoleOptions<Instructions> {
  /** What it runs is `<name>-process.ts`. */
  readonly name: "worker" | "warehouse";
  /** What has to be there before it begins; its process is made meanwhile. */
  readonly mayBegin?: Promise<unknown>;
  /** @param start which start it is, from 1 */
  readonly instructions: (start: number) => Instructions;
  readonly logger: Logger;
}

/** Of 19: at a full machine it gets about a tenth of what a web process does. */
const NICENESS = 10;

/** A task under way gets ten seconds, and the database's connections as many. */
const STOP_MS_MAX = 30_000;

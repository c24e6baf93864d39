import { type ChildProcess, fork } from "node:child_process";
import type { Socket } from "node:net";
import { setPriority } from "node:os";
import { environmentSchema } from "../environment.ts";
import type { MetricsJson } from "../metrics/metrics-json.ts";
import type { Failed, FromAnyChild, ToAnyChild } from "./child-messages.ts";
import { LONG_LIFE_MS, restartPauseMs } from "./restart-pause.ts";

/**
 * A process that is kept running: when it ends, another is started, at once after a long life, else after a pause that
 * grows. What it runs follows `child.ts`.
 *
 *     starting ──▶ serving ──▶ ended ──▶ (pause) ──▶ starting …
 *         └───────────────────▶│
 */
export class KeptChild<To, From> {
  readonly #options: KeptChildOptions<From>;
  #child: ChildProcess | undefined;
  #starts = 0;
  #startedAt = 0;
  #hasServed = false;
  #shortLives = 0;
  /** Why it could not start, in its own words. */
  #failure: StartFailure | undefined;
  #pause: NodeJS.Timeout | undefined;
  #isStopping = false;
  /** Who waits for its metrics, by the number of the question. */
  readonly #asked = new Map<number, PromiseWithResolvers<MetricsJson>>();
  #questions = 0;

  constructor(options: KeptChildOptions<From>) {
    this.#options = options;
  }

  /** Whether no process is there now. */
  get isEmpty(): boolean {
    return this.#child === undefined;
  }

  get pid(): number | undefined {
    return this.#child?.pid;
  }

  /** How often it was started. */
  get starts(): number {
    return this.#starts;
  }

  begin(): void {
    const child = fork(this.#options.module, {
      execArgv: process.execArgv.filter((flag) => !flag.startsWith("--inspect")),
      env: withoutSettings(process.env),
    });
    this.#child = child;
    this.#starts += 1;
    this.#startedAt = performance.now();
    this.#hasServed = false;
    this.#failure = undefined;
    if (this.#starts > 1) this.#giveWay();
    child.on("message", (message) => this.#hear(message as FromAnyChild | From));
    child.on("exit", (code, signal) => this.#ended(signal ?? `exit code ${code}`));
    child.on("error", (error) => {
      this.#failure ??= { reason: error.message, isDatabaseAway: false };
      // One that could not even be made has no end of its own.
      if (child.pid === undefined) this.#ended(error.message);
    });
  }

  /** From now on its end is the end of something that worked. */
  serves(): void {
    this.#hasServed = true;
    this.#giveWay();
  }

  /** @param failure why it could not start, in its own words */
  failed(failure: StartFailure): void {
    this.#failure = failure;
  }

  /** Tells it to finish, in the words of the last message; no other is started. */
  stop(message: To): void {
    this.#isStopping = true;
    clearTimeout(this.#pause);
    this.tell(message);
  }

  kill(): void {
    this.#child?.kill("SIGKILL");
  }

  /** @param connection goes along. One that is ending hears nothing, and needs nothing. */
  tell(message: To, connection?: Socket): void {
    if (!this.#child?.connected) return;
    if (connection) this.#child.send(message as object, connection, { keepOpen: true }, () => {});
    else this.#child.send(message as object, () => {});
  }

  /** Its metrics as they are now. Rejects when it ends; never settles when it stands still. */
  collect(): Promise<MetricsJson> {
    const id = ++this.#questions;
    const answer = Promise.withResolvers<MetricsJson>();
    if (!this.#child?.connected) return Promise.reject(new Error("the process is not there"));
    this.#asked.set(id, answer);
    this.#child.send({ kind: "collect metrics", id } satisfies ToAnyChild, () => {});
    return answer.promise;
  }

  #hear(message: FromAnyChild | From): void {
    if (!isOfAnyChild(message)) this.#options.onMessage(message);
    else if (message.kind === "metrics") {
      this.#asked.get(message.id)?.resolve(message.metrics);
      this.#asked.delete(message.id);
    } else void this.#answer(message);
  }

  /** Not in its first start, which the whole start waits for. */
  #giveWay(): void {
    if (this.#child && this.#options.niceness !== undefined) setNiceness(this.#child, this.#options.niceness);
  }

  /** It asks for the metrics of another. What cannot be had is not answered: whoever asks does not wait long. */
  async #answer({ id, of }: { id: number; of: string }): Promise<void> {
    const metrics = await this.#options.metricsOf?.(of).catch(() => undefined);
    if (metrics) this.#child?.send({ kind: "metrics of another", id, metrics } satisfies ToAnyChild, () => {});
  }

  #ended(how: string): void {
    this.#child = undefined;
    for (const { reject } of this.#asked.values()) reject(new Error("the process ended"));
    this.#asked.clear();
    this.#options.onGone?.();
    if (this.#isStopping) {
      this.#options.onEmpty();
      return;
    }
    const lived = performance.now() - this.#startedAt;
    this.#shortLives = lived < LONG_LIFE_MS ? this.#shortLives + 1 : 0;
    this.#pause = setTimeout(() => this.begin(), restartPauseMs(this.#shortLives));
    if (this.#hasServed) this.#options.onCrashed(how);
    else {
      const reason = `The ${this.#options.name} process ended while it was starting (${how}).`;
      this.#options.onFailed(this.#failure ?? { reason, isDatabaseAway: false });
    }
  }
}

export interface KeptChildOptions<From> {
  /** In sentences: "web", "worker". */
  readonly name: string;
  /** The path of what it runs. */
  readonly module: string;
  /** How far it gives way to other processes when there is not enough processor for all: 0 to 19. */
  readonly niceness?: number;
  readonly onMessage: (message: From) => void;
  /** The metrics of another process, by its instance. @throws when there is none of that name, or it cannot tell */
  readonly metricsOf?: ((instance: string) => Promise<MetricsJson>) | undefined;
  /** Whenever it ends, before anything else. */
  readonly onGone?: () => void;
  /** It had served, and is started again. */
  readonly onCrashed: (how: string) => void;
  /** It could not start; it will be tried again, unless it is stopped. */
  readonly onFailed: (failure: StartFailure) => void;
  /** It ended after it was stopped. */
  readonly onEmpty: () => void;
}

/** It is told what it needs to know. Each further copy of a secret is one that may be read: in /proc, or in a core dump. */
function withoutSettings(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(env).filter(([name]) => !(name in environmentSchema.shape)));
}

export type StartFailure = Omit<Failed, "kind">;

function isOfAnyChild(message: unknown): message is FromAnyChild {
  const { kind } = message as { kind: string };
  return kind === "metrics" || kind === "ask metrics";
}

function setNiceness({ pid }: ChildProcess, niceness: number): void {
  try {
    if (pid !== undefined) setPriority(pid, niceness);
  } catch {
    // Where it cannot be set, all processes share alike.
  }
}

import { type ChildProcess, fork } from "node:child_process";
import { join } from "node:path";
import type { Logger } from "pino";
import type { Member } from "./mesh.ts";
import type { FromWebProcess, Instructions, ToWebProcess } from "./messages.ts";
import type { Host } from "./reception.ts";
import { LONG_LIFE_MS, restartPauseMs } from "./restart-pause.ts";

/**
 * The place of one web process: when that ends, another takes its place.
 *
 *     starting ──▶ serving ──▶ leaving ──▶ ended ──▶ (pause) ──▶ starting …
 *         │           └──────────────────▶│
 *         └──────────────────────────────▶┘
 */
export class Place {
  readonly slot: number;
  /** To be given connections; present while the process serves. */
  host: Host | undefined;
  /** What the other processes should know of it; present while it serves and can be asked. */
  member: Member | undefined;
  /** Its connections in use, when it has counted them. */
  inUse: number | undefined;
  readonly #options: PlaceOptions;
  #child: ChildProcess | undefined;
  #starts = 0;
  #startedAt = 0;
  #hasServed = false;
  #shortLives = 0;
  /** Why it could not start, in its own words. */
  #reason: string | undefined;
  #pause: NodeJS.Timeout | undefined;
  #onTaken: (() => void) | undefined;
  #isStopping = false;

  constructor(slot: number, options: PlaceOptions) {
    this.slot = slot;
    this.#options = options;
  }

  get isEmpty(): boolean {
    return this.#child === undefined;
  }

  begin(): void {
    const child = fork(WEB_PROCESS, { execArgv: process.execArgv.filter((flag) => !flag.startsWith("--inspect")) });
    this.#child = child;
    this.#starts += 1;
    this.#startedAt = performance.now();
    this.#hasServed = false;
    this.#reason = undefined;
    child.on("message", (message: FromWebProcess) => this.#hear(message));
    child.on("exit", (code, signal) => this.#ended(signal ?? `exit code ${code}`));
    child.on("error", (error) => {
      this.#reason ??= error.message;
      // One that could not even be made has no end of its own.
      if (child.pid === undefined) this.#ended(error.message);
    });
  }

  /** Lets it finish what is under way; nobody takes its place. */
  stop(): void {
    this.#isStopping = true;
    clearTimeout(this.#pause);
    this.tell({ kind: "stop" });
  }

  kill(): void {
    this.#child?.kill("SIGKILL");
  }

  tell(message: ToWebProcess): void {
    // One that is ending hears nothing, and needs nothing.
    if (this.#child?.connected) this.#child.send(message, () => {});
  }

  #hear(message: FromWebProcess): void {
    switch (message.kind) {
      case "here":
        this.tell({ kind: "begin", instructions: this.#options.instructions(this.slot, this.#starts) });
        break;
      case "ready":
        this.#serves(message.path);
        break;
      case "taken":
        this.#onTaken?.();
        break;
      case "connections":
        if (this.host) this.host.connections = message.open;
        this.inUse = message.inUse;
        this.#options.onCounted();
        break;
      case "leaving":
        this.#left();
        break;
      case "failed":
        this.#reason = message.reason;
        break;
      default:
        message satisfies never;
    }
  }

  #serves(path: string | undefined): void {
    this.#hasServed = true;
    this.#options.logger.info({ process: this.slot + 1, pid: this.#child?.pid }, "a web process serves");
    if (path !== undefined) this.member = { slot: this.slot, path };
    this.host = {
      connections: 0,
      give: (connection, onTaken) => {
        this.#onTaken = onTaken;
        // Where it cannot be given, the process is about to end.
        if (!this.#child?.connected) return;
        this.#child.send({ kind: "connection" } satisfies ToWebProcess, connection, { keepOpen: true }, () => {});
      },
    };
    this.#options.onServing(this.host);
  }

  #left(): void {
    const { host } = this;
    if (!host) return;
    this.host = undefined;
    this.member = undefined;
    this.inUse = undefined;
    this.#options.onLeft(host);
  }

  #ended(how: string): void {
    this.#left();
    this.#child = undefined;
    if (this.#isStopping) {
      this.#options.onEmpty();
      return;
    }
    const lived = performance.now() - this.#startedAt;
    this.#shortLives = lived < LONG_LIFE_MS ? this.#shortLives + 1 : 0;
    this.#pause = setTimeout(() => this.begin(), restartPauseMs(this.#shortLives));
    if (this.#hasServed) {
      this.#options.logger.error({ process: this.slot + 1, how }, "a web process ended and is started again");
    } else {
      this.#options.onFailed(this, this.#reason ?? `A web process ended while it was starting (${how}).`);
    }
  }
}

export interface PlaceOptions {
  /** @param start which start in this place it is, from 1 */
  readonly instructions: (slot: number, start: number) => Instructions;
  readonly logger: Logger;
  readonly onServing: (host: Host) => void;
  /** It serves no more. */
  readonly onLeft: (host: Host) => void;
  /** It could not start; it will be tried again, unless the place is stopped. */
  readonly onFailed: (place: Place, reason: string) => void;
  /** It ended after the place was stopped. */
  readonly onEmpty: () => void;
  readonly onCounted: () => void;
}

const WEB_PROCESS = join(import.meta.dirname, "web-process.ts");

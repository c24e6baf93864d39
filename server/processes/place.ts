import { join } from "node:path";
import type { Logger } from "pino";
import type { MetricsJson } from "../metrics/metrics-json.ts";
import { KeptChild, type KeptChildOptions, type StartFailure } from "./kept-child.ts";
import type { Member } from "./mesh.ts";
import type { FromWebProcess, Instructions, ToWebProcess } from "./messages.ts";
import type { Host } from "./reception.ts";

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
  readonly #child: KeptChild<ToWebProcess, FromWebProcess>;
  #onTaken: (() => void) | undefined;

  constructor(slot: number, options: PlaceOptions) {
    this.slot = slot;
    this.#options = options;
    this.#child = new KeptChild({
      name: "web",
      module: WEB_PROCESS,
      onMessage: (message) => this.#hear(message),
      metricsOf: options.metricsOf,
      onGone: () => this.#left(),
      onCrashed: (how) => {
        options.logger.error({ process: slot + 1, how }, "a web process ended and is started again");
      },
      onFailed: (failure) => options.onFailed(this, failure),
      onEmpty: () => options.onEmpty(),
    });
  }

  get isEmpty(): boolean {
    return this.#child.isEmpty;
  }

  begin(): void {
    this.#child.begin();
  }

  /** Lets it finish what is under way; nobody takes its place. */
  stop(): void {
    this.#child.stop({ kind: "stop" });
  }

  kill(): void {
    this.#child.kill();
  }

  /** See `KeptChild.collect`. */
  collect(): Promise<MetricsJson> {
    return this.#child.collect();
  }

  tell(message: ToWebProcess): void {
    this.#child.tell(message);
  }

  #hear(message: FromWebProcess): void {
    switch (message.kind) {
      case "here":
        this.tell({ kind: "begin", instructions: this.#options.instructions(this.slot, this.#child.starts) });
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
        this.#child.failed(message);
        break;
      default:
        message satisfies never;
    }
  }

  #serves(path: string | undefined): void {
    this.#child.serves();
    this.#options.logger.info({ process: this.slot + 1, pid: this.#child.pid }, "a web process serves");
    if (path !== undefined) this.member = { slot: this.slot, path };
    this.host = {
      connections: 0,
      give: (connection, onTaken) => {
        this.#onTaken = onTaken;
        this.#child.tell({ kind: "connection" }, connection);
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
}

export interface PlaceOptions extends Pick<KeptChildOptions<FromWebProcess>, "metricsOf"> {
  /** @param start which start in this place it is, from 1 */
  readonly instructions: (slot: number, start: number) => Instructions;
  readonly logger: Logger;
  readonly onServing: (host: Host) => void;
  /** It serves no more. */
  readonly onLeft: (host: Host) => void;
  /** It could not start; it will be tried again, unless the place is stopped. */
  readonly onFailed: (place: Place, failure: StartFailure) => void;
  /** It ended after the place was stopped. */
  readonly onEmpty: () => void;
  readonly onCounted: () => void;
}

const WEB_PROCESS = join(import.meta.dirname, "web-process.ts");

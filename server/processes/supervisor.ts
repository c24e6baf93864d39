import type { Logger } from "pino";
import { AWAY_MS_MAX } from "../database/retry-while-away.ts";
import type { StartFailure } from "./kept-child.ts";
import { Place, type PlaceOptions } from "./place.ts";
import { ProcessesError } from "./processes-error.ts";
import type { Reception } from "./reception.ts";
import { COUNT_INTERVAL_MS, surpluses } from "./spread-connections.ts";

/**
 * Keeps a number of web processes running, and tells all of them who lives.
 *
 * While at least one serves, or the database is away, the others are tried again for ever. When none does and starting
 * fails time and again for another reason, it gives up.
 */
export class Supervisor {
  readonly #options: SupervisorOptions;
  readonly #places: readonly Place[];
  /** Starts that failed since a process last began to serve, those apart that found the database away. */
  #failedStarts = 0;
  /** How long a database that is away keeps the start waiting, from the first process that failed. */
  #givesUpAt: number | undefined;
  #toldReason: string | undefined;
  #isStopping = false;
  /** How many times connections will still be spread: not for ever, because uneven shares may suit uneven work. */
  #spreadsLeft = 0;
  #counting: NodeJS.Timeout | undefined;
  #onAllServe: (() => void) | undefined;
  #onFailedFirst: ((error: Error) => void) | undefined;
  #onAllGone: (() => void) | undefined;

  constructor(options: SupervisorOptions) {
    this.#options = options;
    const { reception } = options;
    const placeOptions: PlaceOptions = {
      ...options,
      onServing: (host) => {
        this.#failedStarts = 0;
        this.#toldReason = undefined;
        this.#spreadsLeft = SPREADS_AFTER_A_START;
        reception.join(host);
        this.#tellMembers();
        if (this.#places.every((place) => place.host)) this.#onAllServe?.();
      },
      onLeft: (host) => {
        reception.leave(host);
        this.#tellMembers();
      },
      onFailed: (place, failure) => this.#failedToStart(place, failure),
      onEmpty: () => {
        if (this.#places.every((place) => place.isEmpty)) this.#onAllGone?.();
      },
      onCounted: () => this.#spreadConnections(),
    };
    this.#places = Array.from({ length: options.count }, (_, slot) => new Place(slot, placeOptions));
  }

  /** By their slots. */
  get places(): readonly Pick<Place, "collect">[] {
    return this.#places;
  }

  /**
   * Resolves when all serve. A database that is away is waited for.
   *
   * @throws ProcessesError with the reason of the first that cannot start
   */
  async start(): Promise<void> {
    // Whoever ends this process without waiting wants all of them gone.
    process.on("exit", () => this.#kill());
    this.#counting = setInterval(() => this.#countConnections(), COUNT_INTERVAL_MS);
    await new Promise<void>((resolve, reject) => {
      this.#onAllServe = resolve;
      this.#onFailedFirst = reject;
      for (const place of this.#places) place.begin();
    });
    this.#onFailedFirst = undefined;
    // Nothing is uneven yet.
    this.#spreadsLeft = 0;
  }

  /** Lets all finish what is under way, and resolves when they are gone. */
  async stop(): Promise<void> {
    this.#isStopping = true;
    clearInterval(this.#counting);
    for (const place of this.#places) place.stop();
    const timer = setTimeout(() => this.#kill(), STOP_MS_MAX);
    if (!this.#places.every((place) => place.isEmpty)) {
      await new Promise<void>((resolve) => {
        this.#onAllGone = resolve;
      });
    }
    clearTimeout(timer);
  }

  #failedToStart(place: Place, { reason, isDatabaseAway }: StartFailure): void {
    this.#givesUpAt ??= performance.now() + AWAY_MS_MAX;
    if (!isDatabaseAway) this.#failedStarts += 1;
    if (this.#onFailedFirst && !(isDatabaseAway && performance.now() < this.#givesUpAt)) {
      this.#onFailedFirst(new ProcessesError(reason));
    } else if (this.#failedStarts >= FAILED_STARTS_MAX && !this.#places.some(({ host }) => host)) {
      for (const each of this.#places) each.stop();
      this.#options.onGivenUp(new ProcessesError(reason));
    } else if (reason !== this.#toldReason) {
      this.#toldReason = reason;
      this.#options.logger.error({ process: place.slot + 1, reason }, "a web process does not start; trying again");
    }
  }

  #tellMembers(): void {
    const members = this.#places.flatMap(({ member }) => member ?? []);
    for (const place of this.#places) if (place.host) place.tell({ kind: "members", members });
  }

  #countConnections(): void {
    this.#spreadsLeft = Math.max(0, this.#spreadsLeft - 1);
    for (const place of this.#places) {
      place.inUse = undefined;
      if (place.host) place.tell({ kind: "count connections" });
    }
  }

  /** When all that serve have counted theirs. */
  #spreadConnections(): void {
    const serving = this.#places.filter(({ host }) => host);
    const counts = serving.flatMap(({ inUse }) => inUse ?? []);
    if (counts.length < serving.length || this.#spreadsLeft === 0) return;
    for (const [index, connections] of surpluses(counts).entries()) {
      serving[index]?.tell({ kind: "surplus", connections });
    }
  }

  #kill(): void {
    if (this.#isStopping) for (const place of this.#places) place.kill();
  }
}

export interface SupervisorOptions extends Pick<PlaceOptions, "instructions" | "logger" | "metricsOf"> {
  /** How many web processes. */
  readonly count: number;
  /** Gives them connections. */
  readonly reception: Reception;
  readonly logger: Logger;
  /** None serves and none can be started. */
  readonly onGivenUp: (error: ProcessesError) => void;
}

/** Each halves what is uneven. */
const SPREADS_AFTER_A_START = 6;

/** Of all places together. More would only say the same again. */
const FAILED_STARTS_MAX = 6;

/** Requests under way get ten seconds, those in line as many, and the database's connections as well. */
const STOP_MS_MAX = 30_000;

import type { Logger } from "pino";
import type { Services } from "../app/services.ts";
import { databaseClock } from "../database/database-clock.ts";
import { createLogger } from "../processes/logger.ts";
import { Stopper } from "../processes/stopper.ts";
import type { Config } from "../settings/config.ts";
import { findInfrastructure } from "./infrastructure.ts";
import { openStore, type Store } from "./open-store.ts";
import { openWeb, type Web } from "./open-web.ts";
import { startRoles } from "./start-roles.ts";
import type { Starting } from "./starting.ts";

/**
 * Everything that `config.roles` names: infrastructure, the store, the roles that have a process of their own, and the
 * web server, which lets callers in when all the rest works.
 */
export class Doorbuster {
  readonly #starting: Starting;
  #store: Store | undefined;
  #web: Web | undefined;

  static create(config: Config, options: StartOptions = {}): Doorbuster {
    return new Doorbuster(config, options);
  }

  private constructor(config: Config, { page = "built", ...options }: StartOptions) {
    const { demo = config.mode === "development", logger = createLogger(config), onProgress = () => {} } = options;
    const onError = (error: unknown) => logger.error({ err: error }, "in the background");
    this.#starting = { config, page, demo, logger, onProgress, onError, stopper: new Stopper() };
  }

  /**
   * Resolves when all of it works. What fails takes down what was started before.
   *
   * @throws ConfigError, EmbeddedError, DatabaseError, ListenError, ProcessesError with a sentence for a person
   */
  async start(): Promise<void> {
    try {
      await this.#start();
    } catch (error) {
      await this.stop();
      throw error;
    }
  }

  /** Finishes what is under way, at most 10 s, and gives everything back. Safe to call twice. */
  stop(): Promise<void> {
    return this.#starting.stopper.stop();
  }

  /** Where callers are served, for example http://localhost:3000; undefined where this start serves none. */
  get url(): string | undefined {
    return this.#web?.url;
  }

  /** What procedures work with. @throws Error where this start serves nobody */
  get services(): Services {
    if (!this.#web) throw new Error("this start serves nobody");
    return this.#web.services;
  }

  /** Whether the demo accounts can sign in. */
  get hasDemoAccounts(): boolean {
    return this.#store?.hasDemoAccounts ?? false;
  }

  async #start(): Promise<void> {
    const { roles } = this.#starting.config;
    const infrastructure = await findInfrastructure(this.#starting);
    const opening = (async () => infrastructure.shop && openStore(this.#starting, infrastructure.shop))();
    const others = startRoles(this.#starting, infrastructure, opening);
    const serving = opening.then((store) =>
      store && roles.includes("web") ? openWeb(this.#starting, store, others) : undefined,
    );
    // What is still being started when another fails has to be there before it can be given back.
    await Promise.allSettled([opening, others.working, serving]);
    [this.#store, this.#web] = await Promise.all([opening, serving, others.working]);
    warnOfClock(this.#starting.logger);
  }
}

/** Default: the page is built, and there is a demo in development. */
export type StartOptions = Partial<Pick<Starting, "page" | "demo" | "logger" | "onProgress">>;

/** Nothing depends on it but times in logs, CHAOS_UNTIL, and people who compare. */
function warnOfClock(logger: Logger): void {
  const aheadMs = databaseClock.machineAheadMs();
  if (Math.abs(aheadMs) < CLOCKS_DIFFER_MS) return;
  logger.warn(
    { aheadSeconds: Math.round(aheadMs / 1_000) },
    "this machine's clock differs from the database's, which the shop goes by: set one of them right",
  );
}

/** Above what synchronised clocks and a busy start account for. */
const CLOCKS_DIFFER_MS = 5_000;

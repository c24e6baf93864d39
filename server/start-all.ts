import type { Logger } from "pino";
import type { Config } from "./config.ts";
import { databaseClock } from "./database/database-clock.ts";
import { layGround } from "./ground.ts";
import { createLogger } from "./logger.ts";
import type { AskedProcess } from "./metrics/gather.ts";
import { type Prepared, prepare } from "./prepare.ts";
import { startRoles } from "./processes/start-roles.ts";
import { Stopper } from "./stopper.ts";

/**
 * Starts everything that `config.roles` names: what all stand on, then the shop for its callers, and beside it the roles
 * that have a process of their own. What fails takes down what was started before.
 *
 * @param openShop lets callers in; not called when this start does not serve them
 * @throws ConfigError, EmbeddedError, DatabaseError, ListenError, ProcessesError with a sentence for a person
 */
export async function startAll<Opened>(
  config: Config,
  options: StartOptions,
  openShop: (prepared: Prepared, surroundings: Surroundings) => Promise<Opened>,
): Promise<StartedAll<Opened>> {
  const { onProgress = () => {}, page = "built", demo = config.mode === "development" } = options;
  const logger = options.logger ?? createLogger(config);
  const onError = (error: unknown) => logger.error({ err: error }, "in the background");
  const stopper = new Stopper();
  const surroundings = { logger, onProgress, onError, stopper };
  const isServed = config.roles.includes("web");
  try {
    const ground = await layGround(config, { onProgress, onError, stopper });
    const store = (async () =>
      ground.shop &&
      prepare(config, ground.shop, {
        onProgress,
        stopper,
        withPage: isServed && page === "built",
        demo: isServed && demo,
      }))();
    const { working: rolesWork, processes } = startRoles(config, ground, { logger, stopper, storeIsReady: store });
    const opening = store.then((prepared) =>
      prepared && isServed ? openShop(prepared, { ...surroundings, rolesWork, processes }) : undefined,
    );
    // What is still being started when another fails has to be there before it can be given back.
    await Promise.allSettled([store, opening, rolesWork]);
    const [prepared, opened] = await Promise.all([store, opening, rolesWork]);
    warnOfClock(logger);
    return { opened, hasDemoAccounts: prepared?.hasDemoAccounts ?? false, stop: () => stopper.stop() };
  } catch (error) {
    await stopper.stop();
    throw error;
  }
}

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

export interface StartOptions {
  /** Told, in words for a person, about whatever may take longer than a second. */
  readonly onProgress?: (sentence: string) => void;
  readonly logger?: Logger;
  /** How the page is served: built when needed, from its sources as they change, or not at all. */
  readonly page?: "built" | "rebuilding" | "none";
  /** Whether an empty store gets the demo sale and the demo accounts. Default: in development. */
  readonly demo?: boolean;
}

export interface Surroundings {
  readonly logger: Logger;
  readonly onProgress: (sentence: string) => void;
  readonly onError: (error: unknown) => void;
  /** Gets what has to be given back. */
  readonly stopper: Stopper;
  /** The processes that this start supervises, as far as they have metrics to tell for the shop. */
  readonly processes: readonly AskedProcess[];
  /** Resolves when the other roles of this start work. Only then callers are let in: who is served has the whole shop. */
  readonly rolesWork: Promise<void>;
}

export interface StartedAll<Opened> {
  /** Undefined when this start serves no callers. */
  readonly opened: Opened | undefined;
  /** Whether the demo accounts can sign in. */
  readonly hasDemoAccounts: boolean;
  /** Finishes what is under way, at most 10 s, and gives everything back. Safe to call twice. */
  stop(): Promise<void>;
}

import type { FastifyInstance } from "fastify";
import type { Logger } from "pino";
import type { Config } from "./config.ts";
import { createLogger } from "./logger.ts";
import { rebuildingPage } from "./page/rebuilding-page.ts";
import { prepare, ROOT } from "./prepare.ts";
import { serve } from "./serve.ts";
import type { Services } from "./services.ts";
import { Stopper } from "./stopper.ts";

/** A running Doorbuster. */
export interface Doorbuster {
  /** Where it answers, for example http://localhost:3000. */
  readonly url: string;
  readonly services: Services;
  /** Whether the demo accounts can sign in. */
  readonly hasDemoAccounts: boolean;
  /** Finishes what is under way, at most 10 s, and gives everything back. Safe to call twice. */
  stop(): Promise<void>;
}

export interface StartOptions {
  /** Told, in words for a person, about whatever may take longer than a second. */
  readonly onProgress?: (sentence: string) => void;
  readonly logger?: Logger;
  /** How the page is served: built when needed, from its sources as they change, or not at all. */
  readonly page?: "built" | "rebuilding" | "none";
  /** Whether an empty store gets the demo sale and the demo accounts. Default: in development. */
  readonly demo?: boolean;
}

/**
 * Starts the whole product in this process: database, migrations, demo, page, web server. What fails takes down what was
 * started before. Several processes at once are started by `processes/start-processes.ts`.
 *
 * @throws ConfigError, EmbeddedError, DatabaseError, ListenError with a sentence for a person
 */
export async function startDoorbuster(config: Config, options: StartOptions = {}): Promise<Doorbuster> {
  const { onProgress = () => {}, page = "built", demo = config.mode === "development" } = options;
  const logger = options.logger ?? createLogger(config);
  const onError = (error: unknown) => logger.error({ err: error }, "in the background");
  const stopper = new Stopper();
  try {
    const prepared = await prepare(config, { onProgress, onError, stopper, withPage: page === "built", demo });
    const addPage = page === "rebuilding" ? (app: FastifyInstance) => rebuildingPage(app, ROOT) : undefined;
    const { url, services } = await serve(config, prepared, { logger, onError, stopper, addPage });
    return { url, services, hasDemoAccounts: prepared.hasDemoAccounts, stop: () => stopper.stop() };
  } catch (error) {
    await stopper.stop();
    throw error;
  }
}

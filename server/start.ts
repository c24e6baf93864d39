import type { FastifyInstance } from "fastify";
import { type Config, ConfigError } from "./config.ts";
import { rebuildingPage } from "./page/rebuilding-page.ts";
import { ROOT } from "./prepare.ts";
import { serve } from "./serve.ts";
import type { Services } from "./services.ts";
import { type StartOptions, startAll } from "./start-all.ts";

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

/**
 * Starts the whole product, with its web server in this process.
 *
 * @throws ConfigError, EmbeddedError, DatabaseError, ListenError, ProcessesError with a sentence for a person
 */
export async function startDoorbuster(config: Config, options: StartOptions = {}): Promise<Doorbuster> {
  const addPage = options.page === "rebuilding" ? (app: FastifyInstance) => rebuildingPage(app, ROOT) : undefined;
  const { opened, ...started } = await startAll(
    config,
    options,
    (prepared, { processes, rolesWork, ...surroundings }) =>
      serve(config, prepared, {
        ...surroundings,
        addPage,
        mayOpen: rolesWork,
        otherProcesses: processes,
      }),
  );
  if (!opened) throw new ConfigError('ROLES has to name "web" where the web server is started.');
  const { url, services } = opened;
  return { url, services, ...started };
}

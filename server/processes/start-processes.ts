import { randomBytes } from "node:crypto";
import { type Config, ConfigError } from "../config.ts";
import { retryWhileAway } from "../database/retry-while-away.ts";
import type { Prepared } from "../prepare.ts";
import type { Doorbuster } from "../start.ts";
import { type StartOptions, startAll } from "../start-all.ts";
import { urlOf } from "../url-of.ts";
import { checkConnections } from "./check-connections.ts";
import { sentConfig, webInstance } from "./messages.ts";
import type { ProcessesError } from "./processes-error.ts";
import { Reception } from "./reception.ts";
import { makeSocketFolder, type SocketFolder } from "./socket-folder.ts";
import { Supervisor, type SupervisorOptions } from "./supervisor.ts";

/**
 * Starts the whole product with several web processes: this one makes what is made once and keeps the others running;
 * they share the port.
 *
 * @throws what `startDoorbuster` throws; ProcessesError when the web processes do not start
 */
export async function startProcesses(config: Config, options: ProcessesOptions): Promise<Omit<Doorbuster, "services">> {
  const { opened, ...started } = await startAll(
    config,
    options,
    async (prepared, { logger, onProgress, stopper, processes, rolesWork }) => {
      await retryWhileAway(() => checkConnections(prepared.database, config), onProgress);
      await prepared.database.close();
      const folder = await makeSocketFolder();
      stopper.add(() => folder.remove());
      const reception = new Reception();
      const supervisor = new Supervisor({
        count: config.processes,
        instructions: instructions(config, prepared, folder),
        reception,
        logger,
        metricsOf: (instance) => processes.collect(instance),
        onGivenUp: options.onGivenUp,
      });
      for (const [slot, place] of supervisor.places.entries()) processes.add(webInstance(slot), () => place.collect());
      stopper.add(() => supervisor.stop());
      await supervisor.start();
      await rolesWork;
      stopper.add(() => reception.close());
      const port = await reception.open(config);
      return { url: urlOf(config.host, port) };
    },
  );
  if (!opened) throw new ConfigError('ROLES has to name "web" where web processes are started.');
  return { ...opened, ...started };
}

export interface ProcessesOptions extends StartOptions {
  /** None of the web processes serves and none can be started: whoever hears it should stop everything. */
  readonly onGivenUp: (error: ProcessesError) => void;
}

/** What each web process is told at its start. */
function instructions(
  config: Config,
  { databaseUrl, secret, metricsToken, warehouse, pageFolder }: Prepared,
  folder: SocketFolder,
): SupervisorOptions["instructions"] {
  const shared = { config: sentConfig(config), databaseUrl, secret, metricsToken, warehouse, pageFolder };
  const password = randomBytes(32).toString("base64url");
  return (slot, start) => ({
    ...shared,
    slot,
    webPath: folder.path("web", slot, start),
    mesh: config.purchasesMeet ? { path: folder.path("desk", slot, start), password } : undefined,
  });
}

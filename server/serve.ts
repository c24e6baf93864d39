import type { AddressInfo } from "node:net";
import type { FastifyInstance } from "fastify";
import type { Logger } from "pino";
import { createAuth } from "./accounts/auth.ts";
import { CredentialSigner } from "./accounts/credential.ts";
import { appRouter } from "./app-router.ts";
import type { Config } from "./config.ts";
import { retryWhileAway } from "./database/retry-while-away.ts";
import { createApp } from "./http/app.ts";
import { ACCEPT_BACKLOG } from "./http/connection-limit.ts";
import { explainListenError } from "./http/listen-error.ts";
import { createMetrics } from "./metrics/create-metrics.ts";
import { type AskedProcess, gatherMetrics } from "./metrics/gather.ts";
import { StoreMetrics } from "./metrics/store-metrics.ts";
import { openReads } from "./open-reads.ts";
import { openServices } from "./open-services.ts";
import type { Prepared } from "./prepare.ts";
import type { Services } from "./services.ts";
import type { Stopper } from "./stopper.ts";
import { urlOf } from "./url-of.ts";

export interface ServeOptions {
  readonly logger: Logger;
  /** Told, in words for a person, about whatever may take longer than a second. */
  readonly onProgress?: (sentence: string) => void;
  readonly onError: (error: unknown) => void;
  /** Gets what has to be given back. */
  readonly stopper: Stopper;
  /** Serves the page in another way than from its folder: while it is being worked on. */
  readonly addPage?: ((app: FastifyInstance) => Promise<void>) | undefined;
  /** The other processes of the shop, to be asked for their metrics. */
  readonly otherProcesses: readonly AskedProcess[];
  /** Resolves when callers may be let in. Default: at once. */
  readonly mayOpen?: Promise<void> | undefined;
}

export interface Serving {
  /** Where it answers, for example http://localhost:3000. */
  readonly url: string;
  readonly services: Services;
}

/**
 * Opens the shop in this process: services, and the web server in front of them.
 *
 * @throws ListenError with a sentence for a person
 */
export async function serve(
  config: Config,
  prepared: Omit<Prepared, "hasDemoAccounts">,
  options: ServeOptions,
): Promise<Serving> {
  const { database, databaseUrl, secret, metricsToken, pageFolder } = prepared;
  const { logger, onProgress = () => {}, onError, stopper, addPage, mayOpen } = options;
  const instance = "web-1";
  const signer = new CredentialSigner(secret);
  const metrics = createMetrics({ instance });
  const store = { url: databaseUrl, schema: config.databaseSchema };
  const reads = await retryWhileAway(() => openReads(store), onProgress);
  stopper.add(() => reads.close());
  const { services, close } = openServices(config, {
    ...prepared,
    reads,
    signer,
    metrics,
    instance,
    onError,
  });
  stopper.add(close);
  const storeMetrics = new StoreMetrics(services.operatorReads, { onError });
  const app = await createApp({
    config,
    services,
    auth: createAuth({ database, secret, onError }),
    signer,
    router: appRouter,
    logger,
    isDraining: () => stopper.isStopping,
    metrics: {
      token: metricsToken,
      httpHooks: metrics.httpHooks,
      gather: () =>
        gatherMetrics({
          store: () => storeMetrics.collect(),
          processes: [{ instance, collect: metrics.collect }, ...options.otherProcesses],
        }),
    },
    pageFolder,
    addPage,
  });
  stopper.add(() => drain(app, services));
  await mayOpen;
  return { url: await listen(app, config), services };
}

/** Takes no new connections, ends the streams, and waits for requests under way, but no longer than 10 s. */
async function drain(app: FastifyInstance, services: Services): Promise<void> {
  const timer = setTimeout(() => app.server.closeAllConnections(), DRAIN_MS_MAX);
  await Promise.all([app.close(), services.liveSales.close()]);
  clearTimeout(timer);
}

const DRAIN_MS_MAX = 10_000;

async function listen(app: FastifyInstance, { host, port }: Pick<Config, "host" | "port">): Promise<string> {
  try {
    await app.listen({ host, port, backlog: ACCEPT_BACKLOG });
  } catch (error) {
    throw explainListenError(error, host, port);
  }
  const { port: taken } = app.server.address() as AddressInfo;
  return urlOf(host, taken);
}

import type { AddressInfo } from "node:net";
import { join } from "node:path";
import type { FastifyInstance } from "fastify";
import { createAuth } from "../accounts/auth.ts";
import { CredentialSigner } from "../accounts/credential.ts";
import { appRouter } from "../app-router.ts";
import { createApp } from "../http/app.ts";
import { ACCEPT_BACKLOG } from "../http/connection-limit.ts";
import { drain } from "../http/drain.ts";
import { explainListenError } from "../http/listen-error.ts";
import { createMetrics } from "../metrics/create-metrics.ts";
import { gatherMetrics } from "../metrics/gather.ts";
import { StoreMetrics } from "../metrics/store-metrics.ts";
import { buildPage } from "../page/build-page.ts";
import { rebuildingPage } from "../page/rebuilding-page.ts";
import type { Services } from "../services.ts";
import type { Config } from "../settings/config.ts";
import { INSTANCE, openServices } from "./open-services.ts";
import type { Store } from "./open-store.ts";
import type { StartedRoles } from "./start-roles.ts";
import type { Starting } from "./starting.ts";
import { urlOf } from "./url-of.ts";

export interface Web {
  /** Where it answers, for example http://localhost:3000. */
  readonly url: string;
  readonly services: Services;
}

/**
 * Opens the services and the web server in front of them, and listens when all roles of this start work: who is served
 * has the whole shop.
 *
 * @throws ListenError with a sentence for a person
 */
export async function openWeb(starting: Starting, store: Store, roles: StartedRoles): Promise<Web> {
  const { config, page, logger, onProgress, onError, stopper } = starting;
  const { database, secret, metricsToken } = store;
  const pageFolder = page === "built" ? await buildPage(ROOT, onProgress) : undefined;
  const signer = new CredentialSigner(secret);
  const metrics = createMetrics({ instance: INSTANCE });
  const services = await openServices(starting, store, { signer, metrics });
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
          processes: [{ instance: INSTANCE, collect: metrics.collect }, ...roles.processes],
        }),
    },
    pageFolder,
    addPage: page === "rebuilding" ? (app) => rebuildingPage(app, ROOT) : undefined,
  });
  stopper.add(async () => void (await Promise.all([drain(app), services.liveSales.close()])));
  await roles.working;
  return { url: await listen(app, config), services };
}

/** The project's folder. */
const ROOT = join(import.meta.dirname, "../..");

async function listen(app: FastifyInstance, { host, port }: Pick<Config, "host" | "port">): Promise<string> {
  try {
    await app.listen({ host, port, backlog: ACCEPT_BACKLOG });
  } catch (error) {
    throw explainListenError(error, host, port);
  }
  const { port: taken } = app.server.address() as AddressInfo;
  return urlOf(host, taken);
}

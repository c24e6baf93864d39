import { join } from "node:path";
import { createAuth } from "../accounts/auth.ts";
import { CredentialSigner } from "../accounts/credential.ts";
import { createApp } from "../app/create-app.ts";
import type { Services } from "../app/services.ts";
import { drain, listen } from "../http/listen.ts";
import { createMetrics } from "../metrics/create-metrics.ts";
import { gatherMetrics } from "../metrics/gather.ts";
import { countRequests } from "../metrics/http-metrics.ts";
import { StoreMetrics } from "../operations/metrics/store-metrics.ts";
import { buildPage } from "../page/build-page.ts";
import { rebuildingPage } from "../page/rebuilding-page.ts";
import { INSTANCE, openServices } from "./open-services.ts";
import type { Store } from "./open-store.ts";
import type { StartedRoles } from "./start-roles.ts";
import type { Starting } from "./starting.ts";

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
  const { database, secret, metricsToken: token } = store;
  const pageFolder = page === "built" ? await buildPage(ROOT, onProgress) : undefined;
  const signer = new CredentialSigner(secret);
  const metrics = createMetrics({ instance: INSTANCE });
  const services = await openServices(starting, store, { signer, metrics });
  const storeMetrics = new StoreMetrics(services.operatorReads, { onError });
  const processes = [{ instance: INSTANCE, collect: metrics.collect }, ...roles.processes];
  const app = await createApp({
    config,
    services,
    auth: createAuth({ database, secret, onError }),
    signer,
    logger,
    isDraining: () => stopper.isStopping,
    metrics: {
      token,
      httpHooks: (app) =>
        countRequests(app, metrics.registry, { streams: ["/trpc/sales.watch", "/trpc/figures.watch"] }),
      gather: () => gatherMetrics({ store: () => storeMetrics.collect(), processes }),
    },
    pageFolder,
    addPage: page === "rebuilding" ? (app) => rebuildingPage(app, ROOT) : undefined,
  });
  stopper.add(async () => void (await Promise.all([drain(app), services.liveSales.close(), services.figures.close()])));
  await roles.working;
  return { url: await listen(app, config), services };
}

/** The project's folder. */
const ROOT = join(import.meta.dirname, "../..");

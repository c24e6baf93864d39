import type { AddressInfo } from "node:net";
import type { FastifyInstance } from "fastify";
import type { Logger } from "pino";
import { createAuth } from "./accounts/auth.ts";
import { CredentialSigner } from "./accounts/credential.ts";
import { announceRevocation, followRevocations } from "./accounts/session-news.ts";
import { createSessions } from "./accounts/sessions.ts";
import { appRouter } from "./app-router.ts";
import type { Config } from "./config.ts";
import { createApp } from "./http/app.ts";
import { ACCEPT_BACKLOG } from "./http/connection-limit.ts";
import { explainListenError } from "./http/listen-error.ts";
import { createLimits } from "./http/rate-limits.ts";
import { OrderGate } from "./orders/order-gate.ts";
import type { Prepared } from "./prepare.ts";
import { PurchaseDesk } from "./purchases/combine.ts";
import type { Desk } from "./purchases/desk.ts";
import { createLiveSales } from "./sales/live/live-sales.ts";
import { sweepLeftovers } from "./sales/sweep-leftovers.ts";
import type { Services } from "./services.ts";
import type { Stopper } from "./stopper.ts";
import { urlOf } from "./url-of.ts";
import { demoPaymentProvider } from "./wallets/demo-payment-provider.ts";

export interface ServeOptions {
  readonly logger: Logger;
  readonly onError: (error: unknown) => void;
  /** Gets what has to be given back. */
  readonly stopper: Stopper;
  /** Serves the page in another way than from its folder: while it is being worked on. */
  readonly addPage?: ((app: FastifyInstance) => Promise<void>) | undefined;
  /** Puts a desk before this process's own: one that knows other processes. */
  readonly shareDesk?: ((own: Desk) => Desk) | undefined;
  /** How connections come in. Default: the process listens where the configuration says. */
  readonly openDoor?: ((app: FastifyInstance) => Promise<Door>) | undefined;
}

/** Where connections come in. */
export interface Door {
  /** Where the shop is reached through it, for example http://localhost:3000. */
  readonly url: string;
  /** Resolves when all connections that the web server itself does not wait for are closed. */
  closed(): Promise<void>;
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
  { logger, onError, stopper, addPage, shareDesk, openDoor }: ServeOptions,
): Promise<Serving> {
  const { database, secret, pageFolder } = prepared;
  const signer = new CredentialSigner(secret);
  const { services, close } = await openServices(config, { ...prepared, signer, onError, shareDesk });
  stopper.add(close);
  const app = await createApp({
    config,
    services,
    auth: createAuth({ database, secret, onError }),
    signer,
    router: appRouter,
    logger,
    isDraining: () => stopper.isStopping,
    pageFolder,
    addPage,
  });
  let door: Door | undefined;
  stopper.add(() => drain(app, services, door));
  door = await (openDoor?.(app) ?? listenOn(app, config));
  return { url: door.url, services };
}

interface Opened extends Pick<Prepared, "database" | "databaseUrl">, Pick<ServeOptions, "onError" | "shareDesk"> {
  readonly signer: CredentialSigner;
}

async function openServices(
  config: Config,
  { database, databaseUrl, signer, onError, shareDesk = (own) => own }: Opened,
): Promise<{ services: Services; close: () => Promise<void> }> {
  const schema = config.databaseSchema;
  const limits = createLimits(config.limits);
  const liveSales = createLiveSales({
    database,
    databaseUrl,
    schema,
    onError,
    takeSeat: (watcher) => limits.takeViewerSeat(watcher),
  });
  const purchaseDesk = shareDesk(new PurchaseDesk(database, { onStockChanged: (saleId) => liveSales.changed(saleId) }));
  const sessions = createSessions({ database, signer, announce: announceRevocation(schema), onError });
  const listener = followRevocations({ url: databaseUrl, schema, sessions });
  const leftovers = sweepLeftovers({ database, liveSales }, { onError });
  const paymentProvider = config.mode === "development" ? demoPaymentProvider : undefined;
  return {
    services: { database, purchaseDesk, orderGate: new OrderGate(), liveSales, sessions, limits, paymentProvider },
    async close() {
      await Promise.all([purchaseDesk.close(), leftovers.close()]);
      await Promise.all([liveSales.close(), listener.close()]);
    },
  };
}

/** Takes no new connections, ends the streams, and waits for requests under way, but no longer than 10 s. */
async function drain(app: FastifyInstance, services: Services, door: Door | undefined): Promise<void> {
  const timer = setTimeout(() => app.server.closeAllConnections(), DRAIN_MS_MAX);
  await Promise.all([app.close(), services.liveSales.close(), door?.closed()]);
  clearTimeout(timer);
}

const DRAIN_MS_MAX = 10_000;

async function listenOn(app: FastifyInstance, { host, port }: Pick<Config, "host" | "port">): Promise<Door> {
  try {
    await app.listen({ host, port, backlog: ACCEPT_BACKLOG });
  } catch (error) {
    throw explainListenError(error, host, port);
  }
  const { port: taken } = app.server.address() as AddressInfo;
  return { url: urlOf(host, taken), closed: async () => {} };
}

import type { AddressInfo } from "node:net";
import { join } from "node:path";
import type { FastifyInstance } from "fastify";
import type { Logger } from "pino";
import { createAuth } from "./accounts/auth.ts";
import { authSecret } from "./accounts/auth-secret.ts";
import { CredentialSigner } from "./accounts/credential.ts";
import { createDemoAccounts, demoAccountsExist, refuseDemoAccounts } from "./accounts/demo-accounts.ts";
import { announceRevocation, followRevocations } from "./accounts/session-news.ts";
import { createSessions } from "./accounts/sessions.ts";
import { appRouter } from "./app-router.ts";
import type { Config } from "./config.ts";
import { type Database, openDatabase } from "./database/database.ts";
import { keepEmbedded } from "./database/embedded/keep-embedded.ts";
import { migrate } from "./database/migrate.ts";
import { createApp } from "./http/app.ts";
import { checkPortIsFree, explainListenError } from "./http/listen-error.ts";
import { createLimits } from "./http/rate-limits.ts";
import { createLogger } from "./logger.ts";
import { buildPage } from "./page/build-page.ts";
import { rebuildingPage } from "./page/rebuilding-page.ts";
import { PurchaseDesk } from "./purchases/combine.ts";
import { hasSales, seedDemo } from "./sales/demo.ts";
import { createLiveSales } from "./sales/live/live-sales.ts";
import type { Services } from "./services.ts";
import { Stopper } from "./stopper.ts";
import { demoPaymentProvider } from "./wallets/demo-payment-provider.ts";

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
 * Starts the whole product: database, migrations, demo, page, web server. What fails takes down what was started before.
 *
 * @throws ConfigError, EmbeddedError, DatabaseError, ListenError with a sentence for a person
 */
export async function startDoorbuster(config: Config, options: StartOptions = {}): Promise<Doorbuster> {
  const stopper = new Stopper();
  try {
    return await start(config, options, stopper);
  } catch (error) {
    await stopper.stop();
    throw error;
  }
}

async function start(config: Config, options: StartOptions, stopper: Stopper): Promise<Doorbuster> {
  const { onProgress = () => {}, page = "built", demo = config.mode === "development" } = options;
  const logger = options.logger ?? createLogger(config);
  const onError = (error: unknown) => logger.error({ err: error }, "in the background");
  await checkPortIsFree(config.host, config.port);
  const secret = await authSecret(config);
  const signer = new CredentialSigner(secret);
  const databaseUrl = config.databaseUrl ?? (await embeddedUrl(config, { onProgress, onError, stopper }));
  await migrate({ url: databaseUrl, schema: config.databaseSchema, onProgress });
  const database = await openDatabase({ url: databaseUrl, schema: config.databaseSchema, poolSize: config.poolSize });
  stopper.add(() => database.close());
  if (config.mode === "production") await refuseDemoAccounts(database);
  if (demo && !(await hasSales(database.db))) {
    // The sale comes last: a start that dies in between is made good by the next one.
    await createDemoAccounts(database);
    await seedDemo(database);
  }

  const { services, close } = await openServices(config, { database, databaseUrl, signer, onError });
  stopper.add(close);
  const pageFolder = page === "built" ? await buildPage(ROOT, onProgress) : undefined;
  const app = await createApp({
    config,
    services,
    auth: createAuth({ database, secret, onError }),
    signer,
    router: appRouter,
    logger,
    isDraining: () => stopper.isStopping,
    pageFolder,
    addPage: page === "rebuilding" ? (instance) => rebuildingPage(instance, ROOT) : undefined,
  });
  stopper.add(() => drain(app, services));
  const url = await listenOn(app, config);
  const hasDemoAccounts = demo && (await demoAccountsExist(database));
  return { url, services, hasDemoAccounts, stop: () => stopper.stop() };
}

/** The project's folder. */
const ROOT = join(import.meta.dirname, "..");

async function embeddedUrl(
  config: Config,
  {
    onProgress,
    onError,
    stopper,
  }: { onProgress: (sentence: string) => void; onError: (error: unknown) => void; stopper: Stopper },
): Promise<string> {
  const embedded = await keepEmbedded({ dataDir: config.dataDir, onProgress, onDeath: onError });
  stopper.add(() => embedded.release());
  return embedded.url;
}

interface Opened {
  readonly database: Database;
  readonly databaseUrl: string;
  readonly signer: CredentialSigner;
  readonly onError: (error: unknown) => void;
}

async function openServices(
  config: Config,
  { database, databaseUrl, signer, onError }: Opened,
): Promise<{ services: Services; close: () => Promise<void> }> {
  const schema = config.databaseSchema;
  const limits = createLimits(config.limits);
  const liveSales = await createLiveSales({
    database,
    databaseUrl,
    schema,
    onError,
    takeSeat: (watcher) => limits.takeViewerSeat(watcher),
  });
  const purchaseDesk = new PurchaseDesk(database, { onStockChanged: (saleId) => liveSales.changed(saleId) });
  const sessions = createSessions({ database, signer, announce: announceRevocation(schema), onError });
  const listener = followRevocations({ url: databaseUrl, schema, sessions });
  const paymentProvider = config.mode === "development" ? demoPaymentProvider : undefined;
  return {
    services: { database, purchaseDesk, liveSales, sessions, limits, paymentProvider },
    async close() {
      await purchaseDesk.close();
      await Promise.all([liveSales.close(), listener.close()]);
    },
  };
}

/** Takes no new connections, ends the streams, and waits for requests under way, but no longer than 10 s. */
async function drain(app: FastifyInstance, services: Services): Promise<void> {
  const timer = setTimeout(() => app.server.closeAllConnections(), DRAIN_MS_MAX);
  await Promise.all([app.close(), services.liveSales.close()]);
  clearTimeout(timer);
}

const DRAIN_MS_MAX = 10_000;

async function listenOn(app: FastifyInstance, { host, port }: Pick<Config, "host" | "port">): Promise<string> {
  try {
    await app.listen({ host, port });
  } catch (error) {
    throw explainListenError(error, host, port);
  }
  const { port: taken } = app.server.address() as AddressInfo;
  const name = host === "0.0.0.0" || host === "::" ? "localhost" : host.includes(":") ? `[${host}]` : host;
  return `http://${name}:${taken}`;
}

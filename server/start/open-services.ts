import { hostname } from "node:os";
import type { CredentialSigner } from "../accounts/credential.ts";
import { announceRevocation, followRevocations } from "../accounts/session-news.ts";
import { createSessions } from "../accounts/sessions.ts";
import type { Services } from "../app/services.ts";
import { type DatabaseOptions, openDatabase } from "../database/database.ts";
import { retryWhileAway } from "../database/retry-while-away.ts";
import { FigureFeeds } from "../figures/feeds.ts";
import { readSale } from "../figures/read-sale.ts";
import { serverFigures } from "../figures/server-figures.ts";
import { breakerName } from "../fulfilment/breaker-name.ts";
import { openFulfilment } from "../fulfilment/fulfilment.ts";
import { reservedFor } from "../fulfilment/reserved-for.ts";
import { createLimits } from "../http/rate-limits.ts";
import type { Metrics } from "../metrics/create-metrics.ts";
import { followPools } from "../metrics/pool-metrics.ts";
import { OrderGate } from "../orders/order-gate.ts";
import { proofKey } from "../proof/proof-key.ts";
import { PurchaseBatcher } from "../purchases/buy.ts";
import { followPurchases, PurchaseMetrics } from "../purchases/purchase-metrics.ts";
import { followViewers } from "../sales/live/live-metrics.ts";
import { createLiveSales } from "../sales/live/live-sales.ts";
import { sweepLeftovers } from "../sales/return-due-leftovers.ts";
import { TaskMetrics } from "../tasks/task-metrics.ts";
import { createTasks } from "../tasks/tasks.ts";
import { demoPaymentProvider } from "../wallets/payment-provider.ts";
import type { Store } from "./open-store.ts";
import { openRehearsals } from "./rehearsals.ts";
import type { Starting } from "./starting.ts";

/** Makes what the procedures of a web process work with, and starts what goes on behind them. */
export async function openServices(
  starting: Starting,
  store: Store,
  { signer, metrics: { registry } }: { signer: CredentialSigner; metrics: Metrics },
): Promise<Services> {
  const { config, onProgress, onError, stopper } = starting;
  const { database, databaseUrl, ownerUrl, warehouse: access } = store;
  const schema = config.databaseSchema;
  const reads = await retryWhileAway(() => openReads({ url: databaseUrl, schema }), onProgress);
  stopper.add(() => reads.close());
  const { publicReads, operatorReads } = reads;
  const limits = createLimits(config.limits);
  const liveSales = createLiveSales({
    database,
    databaseUrl,
    schema,
    onError,
    takeSlot: (watcher) => limits.takeViewerSlot(watcher),
  });
  const purchaseBatcher = new PurchaseBatcher(database, {
    onStockChanged: (saleId) => liveSales.changed(saleId),
    observer: new PurchaseMetrics(registry),
  });
  const sessions = createSessions({ database, signer, announce: announceRevocation(schema), onError });
  const listener = followRevocations({ url: databaseUrl, schema, sessions });
  const leftovers = sweepLeftovers({ database, liveSales }, { onError });
  const figures = new FigureFeeds({
    read: (saleId, known) => readSale(operatorReads, saleId, known),
    server: serverFigures({
      registry,
      name: `${INSTANCE} on ${hostname()}`,
      waiting: () => purchaseBatcher.stats(),
      viewers: () => liveSales.stats().viewers,
    }),
    onError,
  });
  const fulfilment = openFulfilment({
    database,
    schema,
    access,
    registry,
    breaker: breakerName(INSTANCE, config),
    onError,
  });
  const tasks = createTasks({
    database,
    schema,
    handlers: fulfilment.handlers,
    // Processes of several hosts, and of containers above all, may have the same number.
    instance: `${INSTANCE}-${process.pid}@${hostname()}`,
    reservedFor,
    observer: new TaskMetrics(registry),
    onError,
  });
  const rehearsals = openRehearsals({ database, config, databaseUrl, ownerUrl, onError });
  stopper.add(() => rehearsals.close());
  stopper.add(async () => {
    await Promise.all([purchaseBatcher.close(), leftovers.close(), tasks.close()]);
    await Promise.all([liveSales.close(), figures.close(), listener.close(), fulfilment.close()]);
  });
  followPools(registry, [
    { pool: "shop", database, size: config.poolSize },
    { pool: "public reads", database: publicReads, size: PUBLIC_READS.poolSize },
    { pool: "operator reads", database: operatorReads, size: OPERATOR_READS.poolSize },
  ]);
  followPurchases(registry, purchaseBatcher);
  followViewers(registry, liveSales);
  return {
    database,
    publicReads,
    operatorReads,
    purchaseBatcher,
    orderGate: new OrderGate(),
    liveSales,
    figures,
    sessions,
    limits,
    tasks,
    proofKey: proofKey(signer.seedFor("proof")),
    warehouse: fulfilment.warehouse,
    rehearsals,
    onError,
    paymentProvider: config.mode === "development" ? demoPaymentProvider : undefined,
  };
}

/** The web process among those of its start, in metrics, tasks and the name of its circuit breaker. */
export const INSTANCE = "web-1";

/**
 * Connections on which questions are answered, apart from those on which things are bought: however many ask, and
 * whatever they ask for, no purchase waits behind them. Operators have others than the public, so that neither waits for
 * the other. What a session's look-up or a decision needs to know is read where that is done.
 *
 * @throws DatabaseError with one sentence
 */
export async function openReads(store: Pick<DatabaseOptions, "url" | "schema">): Promise<OpenedReads> {
  const publicReads = await openDatabase({ ...store, ...PUBLIC_READS });
  const operatorReads = await openDatabase({ ...store, ...OPERATOR_READS }).catch(async (error) => {
    await publicReads.close();
    throw error;
  });
  return {
    publicReads,
    operatorReads,
    close: async () => void (await Promise.all([publicReads.close(), operatorReads.close()])),
  };
}

interface OpenedReads extends Pick<Services, "publicReads" | "operatorReads"> {
  close(): Promise<void>;
}

/**
 * What a page asks for takes a millisecond or two, so that four connections answer more than one process can send. What
 * takes half a second is an attack or a fault, and it is better to be told so than to wait.
 */
export const PUBLIC_READS = {
  poolSize: 4,
  applicationName: "doorbuster public reads",
  defaults: { readOnly: true, statementMsMax: 500, deadlineMs: 3_000 },
} as const;

/** A reconciliation keeps one of them for as long as it takes, the console's costly questions (all shared) another. */
const OPERATOR_READS = {
  poolSize: 3,
  applicationName: "doorbuster operators' reads",
  defaults: { readOnly: true, statementMsMax: 5_000 },
} as const;

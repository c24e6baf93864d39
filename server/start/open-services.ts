import { hostname } from "node:os";
import type { CredentialSigner } from "../accounts/credential.ts";
import { announceRevocation, followRevocations } from "../accounts/session-news.ts";
import { createSessions } from "../accounts/sessions.ts";
import { retryWhileAway } from "../database/retry-while-away.ts";
import { breakerName } from "../fulfilment/breaker-name.ts";
import { openFulfilment } from "../fulfilment/fulfilment.ts";
import { reservedFor } from "../fulfilment/reserved-for.ts";
import { createLimits } from "../http/rate-limits.ts";
import type { Metrics } from "../metrics/create-metrics.ts";
import { OrderGate } from "../orders/order-gate.ts";
import { PurchaseDesk } from "../purchases/combine.ts";
import { createLiveSales } from "../sales/live/live-sales.ts";
import { sweepLeftovers } from "../sales/return-due-leftovers.ts";
import type { Services } from "../services.ts";
import { createTasks } from "../tasks/tasks.ts";
import { demoPaymentProvider } from "../wallets/demo-payment-provider.ts";
import { OPERATOR_READS, openReads, PUBLIC_READS } from "./open-reads.ts";
import type { Store } from "./open-store.ts";
import type { Starting } from "./starting.ts";

/** Makes what the procedures of a web process work with, and starts what goes on behind them. */
export async function openServices(
  starting: Starting,
  store: Store,
  { signer, metrics }: { signer: CredentialSigner; metrics: Metrics },
): Promise<Services> {
  const { config, onProgress, onError, stopper } = starting;
  const { database, databaseUrl, warehouse: access } = store;
  const schema = config.databaseSchema;
  const reads = await retryWhileAway(() => openReads({ url: databaseUrl, schema }), onProgress);
  stopper.add(() => reads.close());
  const limits = createLimits(config.limits);
  const liveSales = createLiveSales({
    database,
    databaseUrl,
    schema,
    onError,
    takeSlot: (watcher) => limits.takeViewerSlot(watcher),
  });
  const purchaseDesk = new PurchaseDesk(database, {
    onStockChanged: (saleId) => liveSales.changed(saleId),
    observer: metrics.purchaseObserver,
  });
  const sessions = createSessions({ database, signer, announce: announceRevocation(schema), onError });
  const listener = followRevocations({ url: databaseUrl, schema, sessions });
  const leftovers = sweepLeftovers({ database, liveSales }, { onError });
  const fulfilment = openFulfilment({
    database,
    schema,
    access,
    observer: metrics.warehouseObserver,
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
    observer: metrics.taskObserver,
    onError,
  });
  stopper.add(async () => {
    await Promise.all([purchaseDesk.close(), leftovers.close(), tasks.close()]);
    await Promise.all([liveSales.close(), listener.close(), fulfilment.close()]);
  });
  const { publicReads, operatorReads } = reads;
  const { warehouse } = fulfilment;
  metrics.follow({
    pools: [
      { pool: "shop", database, size: config.poolSize },
      { pool: "public reads", database: publicReads, size: PUBLIC_READS.poolSize },
      { pool: "operator reads", database: operatorReads, size: OPERATOR_READS.poolSize },
    ],
    desk: purchaseDesk,
    liveSales,
    ...(warehouse && { breaker: warehouse.breaker }),
  });
  return {
    database,
    publicReads,
    operatorReads,
    purchaseDesk,
    orderGate: new OrderGate(),
    liveSales,
    sessions,
    limits,
    tasks,
    warehouse,
    onError,
    paymentProvider: config.mode === "development" ? demoPaymentProvider : undefined,
  };
}

/** The web process among those of its start, in metrics, tasks and the name of its circuit breaker. */
export const INSTANCE = "web-1";

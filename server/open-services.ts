import { hostname } from "node:os";
import type { CredentialSigner } from "./accounts/credential.ts";
import { announceRevocation, followRevocations } from "./accounts/session-news.ts";
import { createSessions } from "./accounts/sessions.ts";
import type { Config } from "./config.ts";
import { breakerName } from "./fulfilment/breaker-name.ts";
import { openFulfilment } from "./fulfilment/fulfilment.ts";
import { createLimits } from "./http/rate-limits.ts";
import type { Metrics } from "./metrics/create-metrics.ts";
import { OPERATOR_READS, type OpenedReads, PUBLIC_READS } from "./open-reads.ts";
import { OrderGate } from "./orders/order-gate.ts";
import type { Prepared } from "./prepare.ts";
import { PurchaseDesk } from "./purchases/combine.ts";
import { createLiveSales } from "./sales/live/live-sales.ts";
import { sweepLeftovers } from "./sales/sweep-leftovers.ts";
import type { Services } from "./services.ts";
import { createTasks } from "./tasks/tasks.ts";
import { demoPaymentProvider } from "./wallets/demo-payment-provider.ts";

export interface OpenOptions extends Pick<Prepared, "database" | "databaseUrl" | "warehouse"> {
  readonly reads: Pick<OpenedReads, "publicReads" | "operatorReads">;
  readonly signer: CredentialSigner;
  readonly metrics: Metrics;
  /** Names the process among those of the shop: `web-1`. */
  readonly instance: string;
  readonly onError: (error: unknown) => void;
}

/** Makes what the procedures of one web process work with, and starts what goes on behind them. */
export function openServices(config: Config, options: OpenOptions): OpenedServices {
  const { database, reads, databaseUrl, warehouse: access, signer, metrics, instance, onError } = options;
  const schema = config.databaseSchema;
  const limits = createLimits(config.limits);
  const liveSales = createLiveSales({
    database,
    databaseUrl,
    schema,
    onError,
    takeSeat: (watcher) => limits.takeViewerSeat(watcher),
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
    breaker: breakerName(instance, config),
    onError,
  });
  const { warehouse } = fulfilment;
  const tasks = createTasks({
    database,
    schema,
    handlers: fulfilment.handlers,
    // Processes of several hosts, and of containers above all, may have the same number.
    instance: `${instance}-${process.pid}@${hostname()}`,
    observer: metrics.taskObserver,
    onError,
  });
  metrics.follow({
    pools: [
      { pool: "shop", database, size: config.poolSize },
      { pool: "public reads", database: reads.publicReads, size: PUBLIC_READS.poolSize },
      { pool: "operator reads", database: reads.operatorReads, size: OPERATOR_READS.poolSize },
    ],
    desk: purchaseDesk,
    liveSales,
    ...(warehouse && { breaker: warehouse.breaker }),
  });
  const paymentProvider = config.mode === "development" ? demoPaymentProvider : undefined;
  return {
    services: {
      database,
      publicReads: reads.publicReads,
      operatorReads: reads.operatorReads,
      purchaseDesk,
      orderGate: new OrderGate(),
      liveSales,
      sessions,
      limits,
      tasks,
      warehouse,
      onError,
      paymentProvider,
    },
    async close() {
      await Promise.all([purchaseDesk.close(), leftovers.close(), tasks.close()]);
      await Promise.all([liveSales.close(), listener.close(), fulfilment.close()]);
    },
  };
}

export interface OpenedServices {
  readonly services: Services;
  /** Finishes what is under way behind the requests. */
  close(): Promise<void>;
}

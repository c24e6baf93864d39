import { createAuth } from "../../server/accounts/auth.ts";
import { CredentialSigner } from "../../server/accounts/credential.ts";
import { createSessions } from "../../server/accounts/sessions.ts";
import { type AppOptions, createApp } from "../../server/app/create-app.ts";
import { type Database, openDatabase } from "../../server/database/database.ts";
import { createLimits } from "../../server/http/rate-limits.ts";
import { OrderGate } from "../../server/orders/order-gate.ts";
import { createLogger } from "../../server/processes/logger.ts";
import { proofKey } from "../../server/proof/proof-key.ts";
import type { Purchaser } from "../../server/purchases/buy.ts";
import { PurchaseBatcher } from "../../server/purchases/buy.ts";
import { createLiveSales } from "../../server/sales/live/live-sales.ts";
import { readConfig } from "../../server/settings/config.ts";
import { createTasks } from "../../server/tasks/tasks.ts";
import type { Served } from "../servers/serve.ts";

/**
 * The shop's own front (Fastify, security headers, session check, limits, validation, tRPC) with another router, or with
 * something else behind it than what settles in PostgreSQL.
 */
export async function startFront({ createRouter, openPurchaser }: FrontOptions): Promise<Served> {
  const config = readConfig(process.env);
  const { databaseUrl = "", databaseSchema: schema, authSecret: secret = "" } = config;
  const logger = createLogger(config);
  const onError = (error: unknown) => logger.error({ err: error }, "in the background");
  const database = await openDatabase({ url: databaseUrl, schema, poolSize: config.poolSize });
  const signer = new CredentialSigner(secret);
  const limits = createLimits(config.limits);
  const takeSlot: typeof limits.takeViewerSlot = (viewer) => limits.takeViewerSlot(viewer);
  const liveSales = createLiveSales({ database, databaseUrl, schema, onError, takeSlot });
  const sessions = createSessions({ database, signer, announce: async () => {}, onError });
  const purchaseBatcher = openPurchaser ? await openPurchaser(database) : new PurchaseBatcher(database);
  const app = await createApp({
    config,
    services: {
      database,
      publicReads: database,
      operatorReads: database,
      purchaseBatcher,
      orderGate: new OrderGate(),
      liveSales,
      figures: { watch: () => Promise.reject(new Error("nothing is watched here")), close: async () => {} },
      tasks: createTasks({ database, schema, handlers: {}, instance: "bench", onError }),
      sessions,
      limits,
      warehouse: undefined,
      rehearsals: { schema, begin() {}, async sweep() {} },
      paymentProvider: undefined,
      proofKey: proofKey(Buffer.alloc(32)),
    },
    auth: createAuth({ database, secret, onError }),
    signer,
    createRouter,
    logger,
    isDraining: () => false,
  });
  const url = await app.listen({ host: config.host, port: config.port });
  return {
    url,
    sessions,
    async stop() {
      await Promise.all([app.close(), liveSales.close()]);
      await purchaseBatcher.close();
      await database.close();
    },
  };
}

interface FrontOptions extends Pick<AppOptions, "createRouter"> {
  /** Absent: the shop's own. */
  readonly openPurchaser?: (database: Database) => Promise<Purchaser>;
}

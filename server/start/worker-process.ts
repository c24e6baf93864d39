import { hostname } from "node:os";
import { sealRegularly } from "../chain/seal-regularly.ts";
import { openDatabase } from "../database/database.ts";
import { countSecondsRegularly } from "../figures/count-seconds.ts";
import { breakerName } from "../fulfilment/breaker-name.ts";
import { openFulfilment } from "../fulfilment/fulfilment.ts";
import { purchaseTasks } from "../fulfilment/purchase-tasks.ts";
import { createMetrics } from "../metrics/create-metrics.ts";
import { followPools } from "../metrics/pool-metrics.ts";
import { reconcileRegularly } from "../operations/reconcile-new/reconcile-regularly.ts";
import { removeEndedRegularly } from "../operations/remove-ended.ts";
import { createLogger } from "../processes/logger.ts";
import { runAsChild } from "../processes/run-as-child.ts";
import type { Stopper } from "../processes/stopper.ts";
import type { Config } from "../settings/config.ts";
import { TaskMetrics } from "../tasks/task-metrics.ts";
import { Worker } from "../tasks/worker.ts";
import type { ShopInfrastructure } from "./infrastructure.ts";

/**
 * The worker in a process of its own: what `startRoles` starts. It makes tasks of what was bought, carries tasks out,
 * checks what is new every minute, seals what was recorded, counts attempts by the second, and removes sessions that have ended.
 */
const { registry, collect } = createMetrics({ instance: "worker" });

runAsChild<WorkerInstructions>({ begin, collect });

async function begin({ config, databaseUrl, warehouse: access }: WorkerInstructions, stopper: Stopper): Promise<void> {
  const logger = createLogger(config).child({ role: "worker" });
  const onError = (error: unknown) => logger.error({ err: error }, "in the background");
  const { databaseSchema: schema } = config;
  const database = await openDatabase({ url: databaseUrl, schema, poolSize: POOL_SIZE });
  stopper.add(() => database.close());
  const { handlers, close } = openFulfilment({
    database,
    schema,
    access,
    registry,
    breaker: breakerName("worker", config),
    onError,
  });
  stopper.add(close);
  followPools(registry, [{ pool: "worker", database, size: POOL_SIZE }]);
  const worker = new Worker({
    database,
    databaseUrl,
    schema,
    handlers,
    sources: [purchaseTasks(database)],
    instance: `worker-${process.pid}@${hostname()}`,
    observer: new TaskMetrics(registry),
    onError,
  });
  stopper.add(() => worker.close());
  const reconciling = reconcileRegularly(database, { onError });
  stopper.add(() => reconciling.close());
  const counting = countSecondsRegularly(database, { onError });
  stopper.add(() => counting.close());
  const sealing = sealRegularly(database, { onError });
  stopper.add(() => sealing.close());
  const removing = removeEndedRegularly(database, { onError });
  stopper.add(() => removing.close());
}

/** Transitions are committed in sets, so a few connections carry many tasks. */
const POOL_SIZE = 4;

/** No more than it needs: it signs no sessions and changes no tables. */
export interface WorkerInstructions extends Pick<ShopInfrastructure, "databaseUrl" | "warehouse"> {
  readonly config: Pick<Config, "mode" | "logLevel" | "databaseSchema" | "port" | "roles">;
}

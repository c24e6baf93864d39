import { Registry } from "@prometheus-io/client";
import type { FastifyInstance } from "fastify";
import { once } from "../concurrency/once.ts";
import type { Desk } from "../purchases/desk.ts";
import type { PurchaseObserver } from "../purchases/observer.ts";
import type { LiveSales } from "../sales/live/live-sales.ts";
import type { TaskObserver } from "../tasks/handler.ts";
import type { BreakerView, WarehouseObserver } from "../warehouse/client/warehouse-client.ts";
import { type FollowedPool, followDesk, followPools, followViewers } from "./followed-metrics.ts";
import { countRequests } from "./http-metrics.ts";
import { type MetricsJson, metricsJson } from "./metrics-json.ts";
import { measureProcess } from "./process-metrics.ts";
import { PurchaseMetrics } from "./purchase-metrics.ts";
import { TaskMetrics } from "./task-metrics.ts";
import { followBreaker, WarehouseClientMetrics } from "./warehouse-metrics.ts";

/** The metrics of one process. Parts that it does not run are not in them. */
export interface Metrics {
  /** Counts the requests of a web server. To be called before any route is registered. */
  httpHooks(app: FastifyInstance): void;
  readonly purchaseObserver: PurchaseObserver;
  readonly taskObserver: TaskObserver;
  readonly warehouseObserver: WarehouseObserver;
  /** Shows the state of the given parts whenever somebody asks. Once for each part. */
  follow(parts: FollowedParts): void;
  /** Everything as it is now. Each sample is labelled with the process. */
  collect(): Promise<MetricsJson>;
}

export interface FollowedParts {
  readonly pools?: readonly FollowedPool[];
  readonly desk?: Pick<Desk, "stats">;
  readonly liveSales?: Pick<LiveSales, "stats">;
  readonly breaker?: Pick<BreakerView, "state">;
}

/** @param instance names the process among those of one shop, and stays the same when another takes its place: `web-1` */
export function createMetrics({ instance }: { instance: string }): Metrics {
  const registry = new Registry();
  measureProcess(registry);
  // Observers are made when a part first asks for its own, so that a process tells of nothing that it does not run.
  const purchases = once(() => new PurchaseMetrics(registry));
  const tasks = once(() => new TaskMetrics(registry));
  const warehouse = once(() => new WarehouseClientMetrics(registry));
  return {
    httpHooks: (app) => countRequests(app, registry, { streams: ["/trpc/sales.watch"] }),
    get purchaseObserver() {
      return purchases();
    },
    get taskObserver() {
      return tasks();
    },
    get warehouseObserver() {
      return warehouse();
    },
    follow({ pools, desk, liveSales, breaker }) {
      if (pools) followPools(registry, pools);
      if (desk) followDesk(registry, desk);
      if (liveSales) followViewers(registry, liveSales);
      if (breaker) followBreaker(registry, breaker);
    },
    async collect() {
      return labelled(await metricsJson(registry), instance);
    },
  };
}

function labelled(metrics: MetricsJson, instance: string): MetricsJson {
  return metrics.map(({ values, ...metric }) => ({
    ...metric,
    values: values.map((sample) => ({ ...sample, labels: { process: instance, ...sample.labels } })),
  }));
}

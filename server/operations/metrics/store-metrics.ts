import { singleFlight } from "../../concurrency/single-flight.ts";
import type { Database, Tx } from "../../database/database.ts";
import type { MetricJson, MetricsJson } from "../../metrics/metrics-json.ts";
import { chainSeals } from "./chain-metrics.ts";
import { reconcileRuns } from "./reconcile-metrics.ts";
import { gauge, inventory, itemStock, notYetTasks, openTasks } from "./store-queries.ts";

/**
 * What only the database knows, for all processes together: open tasks, what is not a task yet, stock, what reconciliations
 * found, and how old the chain's seals are. It is read at most once in five seconds, however many ask, by statements that look at what is open, never at all
 * that ever was. When the database does not answer, the rest of the metrics is told without these.
 */
export class StoreMetrics {
  readonly #database: Database;
  readonly #onError: (error: unknown) => void;
  readonly collect: () => Promise<MetricsJson> = singleFlight(() => this.#read(), { keptMs: () => KEPT_MS });

  constructor(database: Database, { onError }: { onError: (error: unknown) => void }) {
    this.#database = database;
    this.#onError = onError;
  }

  async #read(): Promise<MetricsJson> {
    try {
      const metrics = await this.#database.withTransaction(readAll, {
        name: "metrics",
        readOnly: true,
        deadlineMs: READ_MS_MAX,
        attemptsMax: 1,
      });
      return [storeUp(1), ...metrics];
    } catch (error) {
      this.#onError(error);
      return [storeUp(0)];
    }
  }
}

/** Three of the shortest scrape intervals in use fall into it at most; a person who reloads costs nothing. */
const KEPT_MS = 5_000;

/** Prometheus waits 10 s for all of a scrape. */
const READ_MS_MAX = 3_000;

async function readAll(tx: Tx): Promise<MetricJson[]> {
  return [
    ...(await openTasks(tx)),
    ...(await notYetTasks(tx)),
    ...(await itemStock(tx)),
    ...(await inventory(tx)),
    ...(await reconcileRuns(tx)),
    ...(await chainSeals(tx)),
  ];
}

function storeUp(value: number): MetricJson {
  return gauge("doorbuster_store_up", "1 when the database answered what the store's metrics are made of.", [
    { labels: {}, value },
  ]);
}

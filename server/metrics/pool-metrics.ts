import type { Registry } from "@prometheus-io/client";
import type { Database } from "../database/database.ts";
import { registerCollected } from "./metrics-json.ts";

/**
 * Shows how pools of connections stand whenever somebody asks.
 *
 * @param prefix of the metrics' names
 */
export function followPools(registry: Registry, pools: readonly FollowedPool[], prefix = "doorbuster"): void {
  function add(type: "gauge" | "counter", name: string, help: string, read: (pool: FollowedPool) => number): void {
    registerCollected(registry, { name: `${prefix}_${name}`, help: `${help}, by pool.`, type }, () =>
      pools.map((pool) => ({ labels: { pool: pool.pool }, value: read(pool) })),
    );
  }
  registerCollected(
    registry,
    {
      name: `${prefix}_pool_connections`,
      help: "Connections for transactions, by pool and state.",
      type: "gauge",
    },
    () =>
      pools.flatMap(({ pool, database }) => {
        const { idle, busy } = database.stats();
        return Object.entries({ idle, busy }).map(([state, value]) => ({ labels: { pool, state }, value }));
      }),
  );
  add("gauge", "pool_connections_max", "Connections for transactions at most", ({ size }) => size);
  add("gauge", "pool_waiting", "Transactions that wait for a connection", ({ database }) => database.stats().waiting);
  add("counter", "pool_connections_lost_total", "Connections that were lost", ({ database }) => database.stats().lost);
  add("counter", "transaction_retries_total", "Transactions that were retried", ({ database }) => {
    return database.stats().retries;
  });
}

export interface FollowedPool {
  /** What it is for. */
  readonly pool: string;
  readonly database: Pick<Database, "stats">;
  readonly size: number;
}

import type { Registry } from "@prometheus-io/client";
import type { Database } from "../database/database.ts";
import type { Desk } from "../purchases/desk.ts";
import type { LiveSales } from "../sales/live/live-sales.ts";
import { registerCollected, type Sample } from "./metrics-json.ts";

/** Shows how pools of connections stand whenever somebody asks. */
export function followPools(registry: Registry, pools: readonly FollowedPool[]): void {
  const add = adder(registry);
  const each = (read: (pool: FollowedPool) => number) => () =>
    pools.map((pool) => ({ labels: { pool: pool.pool }, value: read(pool) }));
  add("gauge", "doorbuster_pool_connections", "Connections for transactions, by pool and state.", () =>
    pools.flatMap(({ pool, database }) => {
      const { idle, busy } = database.stats();
      return Object.entries({ idle, busy }).map(([state, value]) => ({ labels: { pool, state }, value }));
    }),
  );
  add(
    "gauge",
    "doorbuster_pool_connections_max",
    "Connections for transactions at most, by pool.",
    each(({ size }) => size),
  );
  add(
    "gauge",
    "doorbuster_pool_waiting",
    "Transactions that wait for a connection, by pool.",
    each(({ database }) => database.stats().waiting),
  );
  add(
    "counter",
    "doorbuster_pool_connections_lost_total",
    "Connections that were lost, by pool.",
    each(({ database }) => database.stats().lost),
  );
  add(
    "counter",
    "doorbuster_transaction_retries_total",
    "Transactions that were retried, by pool.",
    each(({ database }) => database.stats().retries),
  );
}

export interface FollowedPool {
  /** What it is for. */
  readonly pool: string;
  readonly database: Pick<Database, "stats">;
  readonly size: number;
}

/** Shows who is in line for what. */
export function followDesk(registry: Registry, desk: Pick<Desk, "stats">): void {
  const add = adder(registry);
  add("gauge", "doorbuster_purchase_lines", "Items that somebody is in line for.", () => one(desk.stats().lines));
  add("gauge", "doorbuster_purchase_waiting", "Requests to buy that wait, in all lines.", () =>
    one(desk.stats().waiting),
  );
  add("gauge", "doorbuster_purchase_longest_line", "Requests to buy that wait in the longest line.", () =>
    one(desk.stats().longest),
  );
}

/** Shows who is watching. */
export function followViewers(registry: Registry, liveSales: Pick<LiveSales, "stats">): void {
  const add = adder(registry);
  add("gauge", "doorbuster_viewers", "Open streams of live stock.", () => one(liveSales.stats().viewers));
  add("gauge", "doorbuster_watched_sales", "Sales that somebody watches.", () => one(liveSales.stats().sales));
}

function adder(registry: Registry) {
  return (type: "gauge" | "counter", name: string, help: string, collect: () => Sample[]) =>
    registerCollected(registry, { name, help, type }, collect);
}

function one(value: number): Sample[] {
  return [{ labels: {}, value }];
}

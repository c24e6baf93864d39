import type { Registry } from "@prometheus-io/client";
import { registerValue } from "../../metrics/metrics-json.ts";
import type { LiveSales } from "./live-sales.ts";

/** Shows who is watching whenever somebody asks. */
export function followViewers(registry: Registry, { stats }: Pick<LiveSales, "stats">): void {
  registerValue(registry, "gauge", ["doorbuster_viewers", "Open streams of live stock."], () => stats().viewers);
  registerValue(registry, "gauge", ["doorbuster_watched_sales", "Sales that somebody watches."], () => stats().sales);
}

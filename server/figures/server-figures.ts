import type { Registry } from "@prometheus-io/client";
import type { ServerFigures } from "../../shared/figures.ts";
import { lookAt, RecentQuantiles } from "../metrics/recent-quantiles.ts";

/** Tells what this process counts itself, as it stands when somebody asks. */
export function serverFigures({ registry, name, waiting, viewers }: CountedHere): () => Promise<ServerFigures> {
  const latencies = new RecentQuantiles();
  const ms = (quantile: number) => {
    const seconds = latencies.of(quantile);
    return seconds === null ? null : Math.round(seconds * 10_000) / 10;
  };
  return async () => {
    latencies.add(await lookAt(registry, { name: "http_request_duration_seconds", isAsked }));
    return { name, ...waiting(), viewers: viewers(), p50Ms: ms(0.5), p99Ms: ms(0.99) };
  };
}

interface CountedHere {
  readonly registry: Registry;
  /** Tells this process from others of the shop. */
  readonly name: string;
  readonly waiting: () => Pick<ServerFigures, "waiting" | "longest">;
  readonly viewers: () => number;
}

/** Requests to buy, however they came, and whatever they were answered. */
function isAsked({ route }: { readonly route?: string | number }): boolean {
  return route === "/trpc/purchases.buy" || route === "/api/purchase";
}

import { Counter, Histogram, type Registry } from "@prometheus-io/client";
import { BREAKER_STATES, type BreakerState } from "../../../shared/warehouse.ts";
import { registerCollected } from "../../metrics/metrics-json.ts";
import type { WarehouseObserver } from "./warehouse-client.ts";

/** Counts the calls of this process to the warehouse service, and shows the breaker between them. */
export class WarehouseClientMetrics implements WarehouseObserver {
  readonly #duration: Histogram<"operation" | "outcome">;
  readonly #retries: Counter<"operation">;
  readonly #transitions: Counter<"from" | "to">;

  constructor(registry: Registry) {
    const registers = [registry];
    this.#duration = new Histogram({
      name: "doorbuster_warehouse_call_duration_seconds",
      help: "Seconds that one try of a call to the warehouse took, by outcome: done, refused, error, timeout, or rejected (the breaker was open, nothing was sent).",
      labelNames: ["operation", "outcome"],
      buckets: [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5],
      registers,
    });
    this.#retries = new Counter({
      name: "doorbuster_warehouse_call_retries_total",
      help: "Tries of calls to the warehouse that followed a failed one.",
      labelNames: ["operation"],
      registers,
    });
    this.#transitions = new Counter({
      name: "doorbuster_breaker_transitions_total",
      help: "Changes of the state of the circuit breaker between shop and warehouse.",
      labelNames: ["from", "to"],
      registers,
    });
    // From zero on, so that the first of them is a rise that can be seen.
    for (const from of BREAKER_STATES) {
      for (const to of BREAKER_STATES) if (from !== to) this.#transitions.inc({ from, to }, 0);
    }
  }

  tried(operation: string, outcome: "done" | "refused" | "error" | "timeout" | "rejected", seconds: number): void {
    this.#duration.observe({ operation, outcome }, seconds);
  }

  retried(operation: string): void {
    this.#retries.inc({ operation });
  }

  transitioned(from: BreakerState, to: BreakerState): void {
    this.#transitions.inc({ from, to });
  }
}

/** Shows the state that a breaker has whenever somebody asks. */
export function followBreaker(registry: Registry, breaker: { readonly state: BreakerState }): void {
  registerCollected(
    registry,
    {
      name: "doorbuster_breaker_state",
      help: "1 for the state that the circuit breaker between shop and warehouse is in, 0 for the others.",
      type: "gauge",
    },
    () => BREAKER_STATES.map((state) => ({ labels: { state }, value: breaker.state === state ? 1 : 0 })),
  );
}

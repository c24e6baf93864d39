import { Counter } from "@prometheus-io/client";
import { CHAOS_FAULTS, type ChaosFault, type ChaosState } from "../../../shared/operations.ts";
import type { WarehouseAnswer } from "../../../shared/warehouse.ts";
import type { Database } from "../../database/database.ts";
import { Buckets } from "../../metrics/buckets.ts";
import { processRegistry } from "../../metrics/create-metrics.ts";
import { registerCollected, registerValue } from "../../metrics/metrics-json.ts";
import { followPools } from "../../metrics/pool-metrics.ts";
import type { DispatchBatcher, SettledDispatches } from "./dispatch.ts";
import type { Operation } from "./inventory-routes.ts";
import { countStock } from "./stock-metrics.ts";

/** What the warehouse tells Prometheus about itself; how its requests went is added where they are served. */
export class WarehouseMetrics {
  readonly registry = processRegistry();
  readonly #answers: Counter<"operation" | "outcome">;
  readonly #units: Counter<"operation">;
  readonly #injected: Counter<"fault">;
  readonly #batch = new Buckets(BATCH_BOUNDS);
  #heldUp = 0;

  constructor() {
    const registers = [this.registry];
    this.#answers = new Counter({
      name: "doorbuster_warehouse_answers_total",
      help: "Dispatches and receipts that were answered; replayed: the stored answer once more.",
      labelNames: ["operation", "outcome"],
      registers,
    });
    this.#units = new Counter({
      name: "doorbuster_warehouse_units_total",
      help: "Units that were dispatched and received.",
      labelNames: ["operation"],
      registers,
    });
    this.#injected = new Counter({
      name: "doorbuster_warehouse_chaos_injected_total",
      help: "Requests that met a fault which was switched on on purpose.",
      labelNames: ["fault"],
      registers,
    });
    for (const operation of ["dispatch", "receive"] as const) this.#units.inc({ operation }, 0);
  }

  answered(operation: Operation, answer: WarehouseAnswer): void {
    this.#answers.inc({ operation, outcome: outcomeOf(answer) });
    if (answer.outcome === "refused" || answer.replayed) return;
    const units = answer.updates.reduce((sum, { quantityChange }) => sum + Math.abs(quantityChange), 0);
    this.#units.inc({ operation }, units);
  }

  settled({ dispatches, heldUp }: SettledDispatches): void {
    this.#batch.observe(dispatches);
    this.#heldUp += heldUp;
  }

  injected(fault: ChaosFault): void {
    this.#injected.inc({ fault });
  }

  /** Adds what is read from others whenever somebody asks. */
  watch({ database, poolSize, batcher, chaosState, onError }: Watched): void {
    countStock(this.registry, database, onError);
    registerCollected(
      this.registry,
      { name: "doorbuster_warehouse_chaos_active", help: "1 while the fault is switched on.", type: "gauge" },
      () => {
        const active = new Set(chaosState().active.map(({ fault }) => fault));
        return CHAOS_FAULTS.map((fault) => ({ labels: { fault }, value: active.has(fault) ? 1 : 0 }));
      },
    );
    const batchSize = "doorbuster_warehouse_batch_size";
    registerCollected(
      this.registry,
      { name: batchSize, help: "Dispatches that one transaction settled.", type: "histogram" },
      () => this.#batch.samples(batchSize, {}),
    );
    registerValue(
      this.registry,
      "gauge",
      ["doorbuster_warehouse_waiting", "Dispatches that wait."],
      () => batcher.waiting,
    );
    registerValue(
      this.registry,
      "counter",
      [
        "doorbuster_warehouse_held_up_total",
        "Dispatches that went to the queue that waits, because another transaction had locked their key or product.",
      ],
      () => this.#heldUp,
    );
    followPools(this.registry, [{ pool: "warehouse", database, size: poolSize }], "doorbuster_warehouse");
  }
}

export interface Watched {
  readonly database: Database;
  readonly poolSize: number;
  readonly batcher: Pick<DispatchBatcher, "waiting">;
  readonly chaosState: () => ChaosState;
  readonly onError: (error: unknown) => void;
}

/** Up to what one transaction settles at most. */
const BATCH_BOUNDS = [1, 2, 4, 8, 16, 32, 64, 128, 256];

function outcomeOf(answer: WarehouseAnswer): string {
  if (answer.replayed) return "replayed";
  return answer.outcome === "done" ? "done" : answer.code.toLowerCase();
}

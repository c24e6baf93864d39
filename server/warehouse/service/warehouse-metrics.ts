import { Counter, Registry } from "@prometheus-io/client";
import { CHAOS_FAULTS, type ChaosFault, type ChaosState } from "../../../shared/operations.ts";
import type { WarehouseAnswer } from "../../../shared/warehouse.ts";
import type { Database } from "../../database/database.ts";
import { Buckets } from "../../metrics/buckets.ts";
import { registerCollected } from "../../metrics/metrics-json.ts";
import { measureProcess } from "../../metrics/process-metrics.ts";
import type { DispatchDesk, SettledDispatches } from "./combine.ts";
import type { Operation } from "./inventory-routes.ts";
import { countStock } from "./stock-metrics.ts";

/** What the warehouse tells Prometheus about itself; how its requests went is added where they are served. */
export class WarehouseMetrics {
  readonly registry = new Registry();
  readonly #answers: Counter<"operation" | "outcome">;
  readonly #units: Counter<"operation">;
  readonly #injected: Counter<"fault">;
  readonly #batch = new Buckets(BATCH_BOUNDS);
  #heldUp = 0;

  constructor() {
    const registers = [this.registry];
    measureProcess(this.registry);
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
  watch({ database, desk, chaosState, onError }: Watched): void {
    countStock(this.registry, database, onError);
    registerCollected(
      this.registry,
      { name: "doorbuster_warehouse_chaos_active", help: "1 while the fault is switched on.", type: "gauge" },
      () => {
        const active = new Set(chaosState().active.map(({ fault }) => fault));
        return CHAOS_FAULTS.map((fault) => ({ labels: { fault }, value: active.has(fault) ? 1 : 0 }));
      },
    );
    registerCollected(
      this.registry,
      { name: "doorbuster_warehouse_pool_connections", help: "Connections to the database, by state.", type: "gauge" },
      () => {
        const { idle, busy } = database.stats();
        return Object.entries({ idle, busy }).map(([state, value]) => ({ labels: { state }, value }));
      },
    );
    const single = (name: string, help: string, type: "gauge" | "counter", read: () => number) =>
      registerCollected(this.registry, { name, help, type }, () => [{ labels: {}, value: read() }]);
    const batchSize = "doorbuster_warehouse_batch_size";
    registerCollected(
      this.registry,
      { name: batchSize, help: "Dispatches that one transaction settled.", type: "histogram" },
      () => this.#batch.samples(batchSize, {}),
    );
    single("doorbuster_warehouse_waiting", "Dispatches that wait in line.", "gauge", () => desk.waiting);
    single(
      "doorbuster_warehouse_held_up_total",
      "Dispatches that went to the line that waits, because another transaction had locked their key or product.",
      "counter",
      () => this.#heldUp,
    );
    single(
      "doorbuster_warehouse_pool_waiting",
      "Transactions that wait for a connection.",
      "gauge",
      () => database.stats().waiting,
    );
    single(
      "doorbuster_warehouse_pool_connections_lost_total",
      "Connections to the database that were lost.",
      "counter",
      () => database.stats().lost,
    );
    single(
      "doorbuster_warehouse_transaction_retries_total",
      "Transactions that were retried.",
      "counter",
      () => database.stats().retries,
    );
  }
}

export interface Watched {
  readonly database: Database;
  readonly desk: Pick<DispatchDesk, "waiting">;
  readonly chaosState: () => ChaosState;
  readonly onError: (error: unknown) => void;
}

/** Up to what one transaction settles at most. */
const BATCH_BOUNDS = [1, 2, 4, 8, 16, 32, 64, 128, 256];

function outcomeOf(answer: WarehouseAnswer): string {
  if (answer.replayed) return "replayed";
  return answer.outcome === "done" ? "done" : answer.code.toLowerCase();
}

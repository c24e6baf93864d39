import { Counter, Histogram, type Registry } from "@prometheus-io/client";
import type { TaskKind, TaskStatus } from "../../shared/tasks.ts";
import type { TaskObserver } from "./handler.ts";

/** Counts what a worker does. What is left to do is asked of the database (`store-metrics.ts`). */
export class TaskMetrics implements TaskObserver {
  readonly #duration: Histogram<"kind" | "outcome">;
  readonly #attempts: Histogram<"kind">;
  readonly #recovered: Counter<"kind">;

  constructor(registry: Registry) {
    const registers = [registry];
    this.#duration = new Histogram({
      name: "doorbuster_task_attempt_duration_seconds",
      help: "Seconds that one attempt at a task took, by how it ended: the task's status, postponed, or lost (its lease was).",
      labelNames: ["kind", "outcome"],
      buckets: [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30],
      registers,
    });
    this.#attempts = new Histogram({
      name: "doorbuster_task_attempts",
      help: "Attempts that a task took until it was completed.",
      labelNames: ["kind"],
      buckets: [1, 2, 3, 4, 5, 7, 10],
      registers,
    });
    this.#recovered = new Counter({
      name: "doorbuster_tasks_recovered_total",
      help: "Tasks whose worker was lost: their lease ended, and another attempt followed.",
      labelNames: ["kind"],
      registers,
    });
  }

  attempted(kind: TaskKind, outcome: TaskStatus | "postponed" | "lost", seconds: number, attempts: number): void {
    this.#duration.observe({ kind, outcome: outcome.toLowerCase() }, seconds);
    if (outcome === "COMPLETED") this.#attempts.observe({ kind }, attempts);
  }

  recovered(kind: TaskKind, count: number): void {
    this.#recovered.inc({ kind }, count);
  }
}

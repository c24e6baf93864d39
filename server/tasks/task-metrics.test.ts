import { expect, it } from "vitest";
import { createMetrics } from "../metrics/create-metrics.ts";
import { metricsText } from "../metrics/metrics-json.ts";
import { TaskMetrics } from "./task-metrics.ts";

it("counts attempts at tasks by kind and outcome, and attempts per task when it is completed", async () => {
  const metrics = createMetrics({ instance: "worker" });
  const observer = new TaskMetrics(metrics.registry);
  observer.attempted("dispatch", "FAILED", 0.2, 1);
  observer.attempted("dispatch", "COMPLETED", 0.1, 2);
  observer.recovered("simulate", 3);
  const told = (await metricsText([await metrics.collect()])).split("\n");
  for (const line of [
    'doorbuster_task_attempt_duration_seconds_count{process="worker",kind="dispatch",outcome="failed"} 1',
    'doorbuster_task_attempt_duration_seconds_count{process="worker",kind="dispatch",outcome="completed"} 1',
    'doorbuster_task_attempts_bucket{process="worker",le="1",kind="dispatch"} 0',
    'doorbuster_task_attempts_bucket{process="worker",le="2",kind="dispatch"} 1',
    'doorbuster_tasks_recovered_total{process="worker",kind="simulate"} 3',
  ]) {
    expect(told).toContain(line);
  }
});

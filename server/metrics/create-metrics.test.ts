import { expect, it } from "vitest";
import { Fault } from "../../shared/faults.ts";
import type { PurchaseResult } from "../../shared/purchases.ts";
import { createMetrics, type Metrics } from "./create-metrics.ts";
import { metricsText } from "./metrics-json.ts";

const purchased: PurchaseResult = {
  outcome: "purchased",
  purchaseId: "0198b6a0-0000-7000-8000-000000000001",
  itemId: 1,
  quantity: 3,
  amountCents: 300,
  balanceCents: 0,
  remaining: 0,
  position: 1,
  replayed: false,
};
const refused: PurchaseResult = { outcome: "refused", code: "OUT_OF_STOCK", message: "", replayed: false };

async function lines(metrics: Metrics): Promise<string[]> {
  return (await metricsText([await metrics.collect()])).split("\n");
}

it("counts attempts to buy by what became of them, and the units sold", async () => {
  const metrics = createMetrics({ instance: "web-1" });
  const results = [
    purchased,
    purchased,
    refused,
    { ...purchased, replayed: true },
    { ...refused, replayed: true },
    undefined,
  ];
  metrics.purchaseObserver.settled({ results, ms: 4, lockMs: 2 });
  metrics.purchaseObserver.failed(new Fault("OVERLOADED"), 2);
  metrics.purchaseObserver.failed(new Error("a defect"), 1);
  const told = await lines(metrics);
  for (const line of [
    'doorbuster_purchase_attempts_total{process="web-1",outcome="purchased",code=""} 2',
    'doorbuster_purchase_attempts_total{process="web-1",outcome="replayed",code=""} 2',
    'doorbuster_purchase_attempts_total{process="web-1",outcome="refused",code="OUT_OF_STOCK"} 1',
    'doorbuster_purchase_attempts_total{process="web-1",outcome="failed",code="OVERLOADED"} 2',
    'doorbuster_purchase_attempts_total{process="web-1",outcome="failed",code="INTERNAL"} 1',
    'doorbuster_purchase_units_total{process="web-1"} 6',
    'doorbuster_purchase_held_up_total{process="web-1"} 1',
    'doorbuster_purchase_batch_size_sum{process="web-1"} 6',
    'doorbuster_purchase_settle_duration_seconds_bucket{process="web-1",le="0.0025"} 0',
    'doorbuster_purchase_settle_duration_seconds_bucket{process="web-1",le="0.005"} 1',
    'doorbuster_purchase_lock_duration_seconds_bucket{process="web-1",le="0.0025"} 1',
  ]) {
    expect(told).toContain(line);
  }
});

it("counts attempts at tasks by kind and outcome, and attempts per task when it is completed", async () => {
  const metrics = createMetrics({ instance: "worker" });
  metrics.taskObserver.attempted?.("dispatch", "FAILED", 0.2, 1);
  metrics.taskObserver.attempted?.("dispatch", "COMPLETED", 0.1, 2);
  metrics.taskObserver.recovered?.("simulate", 3);
  const told = await lines(metrics);
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

it("shows the breaker as it is, and counts calls, retries and transitions", async () => {
  const metrics = createMetrics({ instance: "worker" });
  const breaker: { state: "closed" | "open" } = { state: "closed" };
  metrics.follow({ breaker });
  metrics.warehouseObserver.tried?.("dispatch", "timeout", 5);
  metrics.warehouseObserver.retried?.("dispatch");
  metrics.warehouseObserver.transitioned?.("closed", "open", "too many failed");
  breaker.state = "open";
  const told = await lines(metrics);
  for (const line of [
    'doorbuster_breaker_state{process="worker",state="closed"} 0',
    'doorbuster_breaker_state{process="worker",state="open"} 1',
    'doorbuster_breaker_transitions_total{process="worker",from="closed",to="open"} 1',
    'doorbuster_warehouse_call_retries_total{process="worker",operation="dispatch"} 1',
    'doorbuster_warehouse_call_duration_seconds_count{process="worker",operation="dispatch",outcome="timeout"} 1',
  ]) {
    expect(told).toContain(line);
  }
});

it("tells nothing of parts that the process does not run, and always of the process itself", async () => {
  const told = await lines(createMetrics({ instance: "main" }));
  expect(told.filter((line) => /^(# TYPE )?(doorbuster_|http_)/.test(line))).toEqual([]);
  expect(told.some((line) => line.startsWith('process_cpu_seconds_total{process="main"}'))).toBe(true);
});

import { expect, it } from "vitest";
import { createMetrics } from "../../metrics/create-metrics.ts";
import { metricsText } from "../../metrics/metrics-json.ts";
import { followBreaker, WarehouseClientMetrics } from "./client-metrics.ts";

it("shows the breaker as it is, and counts calls, retries and transitions", async () => {
  const metrics = createMetrics({ instance: "worker" });
  const breaker: { state: "closed" | "open" } = { state: "closed" };
  followBreaker(metrics.registry, breaker);
  const observer = new WarehouseClientMetrics(metrics.registry);
  observer.tried("dispatch", "timeout", 5);
  observer.retried("dispatch");
  observer.transitioned("closed", "open");
  breaker.state = "open";
  const told = (await metricsText([await metrics.collect()])).split("\n");
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

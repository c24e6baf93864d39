import { expect, it } from "vitest";
import { Fault } from "../../shared/faults.ts";
import type { PurchaseResult } from "../../shared/purchases.ts";
import { createMetrics } from "../metrics/create-metrics.ts";
import { metricsText } from "../metrics/metrics-json.ts";
import { PurchaseMetrics } from "./purchase-metrics.ts";

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
  const observer = new PurchaseMetrics(metrics.registry);
  observer.settled({ results, ms: 4, lockMs: 2 });
  for (const fault of [1, 2].map(() => new Fault("OVERLOADED"))) observer.failed(fault);
  observer.failed(new Error("a defect"));
  const told = (await metricsText([await metrics.collect()])).split("\n");
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

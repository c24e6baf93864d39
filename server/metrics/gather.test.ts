import { expect, it } from "vitest";
import { type AskedProcess, gatherMetrics } from "./gather.ts";
import type { MetricsJson } from "./metrics-json.ts";

const store: MetricsJson = [
  { name: "stock", help: "Units.", type: "gauge", values: [{ labels: { name: 'a "lamp"\n' }, value: 3 }] },
];

function process(instance: string, requests: number): AskedProcess {
  const metrics: MetricsJson = [
    {
      name: "requests_total",
      help: "Requests.",
      type: "counter",
      values: [{ labels: { process: instance }, value: requests }],
    },
  ];
  return { instance, collect: async () => metrics };
}

const gather = (processes: AskedProcess[], waitMs = 60_000) =>
  gatherMetrics({ store: async () => store, processes, waitMs });

it("tells the store's metrics once, and those of each process beside each other under one heading", async () => {
  expect(
    await gather([process("web-1", 5), process("worker", 2)]),
  ).toBe(`# HELP doorbuster_process_up 1 for each process of the shop that told its metrics, 0 for each that did not in time.
# TYPE doorbuster_process_up gauge
doorbuster_process_up{process="web-1"} 1
doorbuster_process_up{process="worker"} 1

# HELP stock Units.
# TYPE stock gauge
stock{name="a \\"lamp\\"\\n"} 3

# HELP requests_total Requests.
# TYPE requests_total counter
requests_total{process="web-1"} 5
requests_total{process="worker"} 2
`);
});

it("leaves out a process that fails or does not answer, and names it", async () => {
  const silent: AskedProcess = { instance: "web-2", collect: () => new Promise(() => {}) };
  const broken: AskedProcess = { instance: "web-3", collect: () => Promise.reject(new Error("gone")) };
  const text = await gather([process("web-1", 5), silent, broken], 10);
  expect(text).toContain('requests_total{process="web-1"} 5');
  expect(text).toContain('doorbuster_process_up{process="web-2"} 0');
  expect(text).toContain('doorbuster_process_up{process="web-3"} 0');
});

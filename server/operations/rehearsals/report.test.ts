import { expect, test } from "vitest";
import type { CrowdResult } from "../../../shared/rehearsals.ts";
import { makeReport, type ReportFacts } from "./report.ts";

const CROWD: CrowdResult = {
  ...{ clicks: 20, requests: 20, answers: 20, purchased: 10, unitsBought: 10, paidCents: 1_000 },
  ...{ refusals: { OUT_OF_STOCK: 10 }, faults: {}, doubleClicks: 0, lostAnswers: 0, resolved: 0 },
  ...{ unresolved: 0, contradictions: 0, p50Ms: 5, p99Ms: 20.2, maxMs: 30, points: [] },
};

const FACTS: ReportFacts = {
  crowd: CROWD,
  store: { unitsAllotted: 10, unitsSold: 10, purchases: 10, oversold: 0, soldOutAfterMs: 1_234 },
  capacitySteps: null,
  reconcile: { ok: true, checks: [{ name: "keys", ok: true, detail: "" }] },
  cpu: { busyShare: 0.5, shopCores: 0.5 },
  machine: { cores: 2, cpu: "x", memoryGb: 4, node: "v24", postgres: "18" },
};

test("one that went well says so in one sentence", () => {
  expect(makeReport(FACTS)).toMatchObject({
    wentWell: true,
    verdict: "All 10 units were sold in 1.2 s, 99 of 100 answers came within 20 ms, and nobody was charged twice.",
    capacity: null,
  });
});

test.each<[string, RegExp, Partial<ReportFacts>]>([
  ["oversold", /^2 units more were sold/, { store: { ...FACTS.store, oversold: 2 } }],
  ["a purchase that nobody was told of", /^1 purchases were paid/, { store: { ...FACTS.store, purchases: 11 } }],
  ["two answers to one click", /^3 clicks were given two/, { crowd: { ...CROWD, contradictions: 3 } }],
  ["a click left open", /^of 1 clicks nobody learned/i, { crowd: { ...CROWD, unresolved: 1 } }],
  [
    "a broken check",
    /^Reconcile found something broken: keys\.$/,
    {
      reconcile: { ok: false, checks: [{ name: "keys", ok: false, detail: "" }] },
    },
  ],
  ["an error of the shop's", /^4 requests failed/, { crowd: { ...CROWD, faults: { INTERNAL: 4 } } }],
  ["slow answers", /^1 in 100 answers took longer than 3\.5 s\.$/, { crowd: { ...CROWD, p99Ms: 3_500 } }],
  ["nobody was answered", /^Nobody was answered\.$/, { crowd: { ...CROWD, answers: 0, p99Ms: 0 } }],
])("%s is no success", (_what, verdict, facts) => {
  const report = makeReport({ ...FACTS, ...facts });
  expect(report.wentWell).toBe(false);
  expect(report.verdict).toMatch(verdict);
});

test("what nobody learned the outcome of may have been bought, and is no double charge", () => {
  const report = makeReport({ ...FACTS, crowd: { ...CROWD, purchased: 9, unresolved: 1 } });
  expect(report.doubleCharges).toBe(0);
});

test("the machine carries the most that was answered in time", () => {
  const steps = [
    { connections: 4, perSecond: 900, p99Ms: 9 },
    { connections: 32, perSecond: 4_000, p99Ms: 40 },
    { connections: 512, perSecond: 5_000, p99Ms: 900 },
  ];
  expect(makeReport({ ...FACTS, capacitySteps: steps }).capacity).toMatchObject({ best: steps[1], steps });
  expect(makeReport({ ...FACTS, capacitySteps: steps.slice(2) }).capacity?.best).toBeNull();
});

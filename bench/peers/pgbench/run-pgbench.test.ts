import { expect, test } from "vitest";
import { transactionsPerSecond } from "./run-pgbench.ts";

const OUTPUT = `number of transactions actually processed: 4101
number of failed transactions: 0 (0.000%)
latency average = 5.851 ms
initial connection time = 12.345 ms
tps = 1367.285714 (without initial connection time)
`;

test("reads the rate", () => {
  expect(transactionsPerSecond(OUTPUT)).toBe(1367.285714);
});

test("a client that came to no end has no rate", () => {
  expect(
    transactionsPerSecond("number of transactions actually processed: 0\nnumber of failed transactions: 0 (NaN%)"),
  ).toBe(0);
});

test("a run in which transactions failed is none", () => {
  expect(() => transactionsPerSecond(OUTPUT.replace("failed transactions: 0", "failed transactions: 3"))).toThrow();
  expect(() => transactionsPerSecond("pgbench: error: connection refused")).toThrow("connection refused");
});

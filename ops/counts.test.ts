import { expect, test } from "vitest";
import { countOne, countPlaywright, countVitest, sum, summaryLine } from "./counts.ts";

const vitest = {
  numPassedTests: 7,
  numFailedTests: 0,
  numPendingTests: 1,
  numTodoTests: 1,
  testResults: [{ status: "passed", assertionResults: [{ status: "passed" }] }],
};

test("counts what vitest counted, tests to do among the skipped", () => {
  expect(countVitest(vitest, 0)).toEqual({ passed: 7, failed: 0, skipped: 2 });
});

test("a test file that could not be loaded has failed once", () => {
  const broken = { status: "failed", assertionResults: [] };
  expect(countVitest({ ...vitest, testResults: [broken] }, 1).failed).toBe(1);
});

test("a file whose tests failed is not counted besides its tests", () => {
  const failing = { status: "failed", assertionResults: [{ status: "failed" }, { status: "passed" }] };
  expect(countVitest({ ...vitest, numFailedTests: 1, testResults: [failing] }, 1).failed).toBe(1);
});

test("a runner that complains though all its tests passed has failed once", () => {
  expect(countVitest(vitest, 1).failed).toBe(1);
  const stats = { expected: 3, unexpected: 0, flaky: 0, skipped: 0 };
  expect(countPlaywright({ stats }, 1)).toEqual({ passed: 3, failed: 1, skipped: 0 });
});

test("a runner that died without a report has failed once, whatever its exit code", () => {
  expect(countVitest(undefined, 0)).toEqual({ passed: 0, failed: 1, skipped: 0 });
  expect(countPlaywright({}, 0)).toEqual({ passed: 0, failed: 1, skipped: 0 });
});

test("a runner that ran no test has failed once", () => {
  const nothing = { ...vitest, numPassedTests: 0, testResults: [] };
  expect(countVitest(nothing, 0).failed).toBe(1);
  const stats = { expected: 0, unexpected: 0, flaky: 0, skipped: 4 };
  expect(countPlaywright({ stats }, 0)).toEqual({ passed: 0, failed: 1, skipped: 4 });
});

test("what Playwright passed at a later try has passed", () => {
  const stats = { expected: 3, unexpected: 2, flaky: 1, skipped: 0 };
  expect(countPlaywright({ stats }, 1)).toEqual({ passed: 4, failed: 2, skipped: 0 });
});

test("the summary names skipped tests only when there are some", () => {
  const total = sum([countOne(0), countOne(1), { passed: 7, failed: 0, skipped: 0 }]);
  expect(summaryLine(total)).toBe("8 passed, 1 failed");
  expect(summaryLine({ ...total, skipped: 2 })).toBe("8 passed, 1 failed, 2 skipped");
});

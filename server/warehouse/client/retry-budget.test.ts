import fc from "fast-check";
import { expect, it } from "vitest";
import { RESERVE, RetryBudget } from "./retry-budget.ts";

it("lets at most a few retries and a tenth of the calls go out, over any stretch of time", () => {
  // Long rows of calls, and long rows of failures that all ask for a retry.
  const rows = fc.array(fc.record({ isCall: fc.boolean(), times: fc.integer({ min: 1, max: 300 }) }), {
    maxLength: 20,
  });
  fc.assert(
    fc.property(rows, fc.nat(2_000), (moods, from) => {
      const events = moods.flatMap(({ isCall, times }) => Array<boolean>(times).fill(isCall));
      const budget = new RetryBudget();
      let calls = 0;
      let retries = 0;
      for (const [index, isCall] of events.entries()) {
        if (isCall) budget.earn();
        const isSpent = !isCall && budget.spend();
        if (index < from) continue;
        if (isCall) calls++;
        if (isSpent) retries++;
      }
      expect(retries).toBeLessThanOrEqual(RESERVE + calls / 10);
    }),
  );
});

it("gives the first few at once, and then one more for every ten calls, without losing a tenth", () => {
  const budget = new RetryBudget();
  for (let i = 0; i < RESERVE; i++) expect(budget.spend()).toBe(true);
  for (let round = 0; round < 1_000; round++) {
    for (let i = 0; i < 9; i++) budget.earn();
    expect(budget.spend()).toBe(false);
    budget.earn();
    expect(budget.spend()).toBe(true);
  }
});

import fc from "fast-check";
import { expect, it } from "vitest";
import { RESERVE, RetryBudget } from "./retry-budget.ts";

it("lets at most a few retries and a tenth of the calls go out, over any stretch of time", () => {
  const wishes = fc.array(fc.boolean(), { maxLength: 2_000 });
  fc.assert(
    fc.property(wishes, fc.nat(2_000), (events, from) => {
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

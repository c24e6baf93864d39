import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { backOffMs } from "./back-off.ts";

const bounds = fc
  .tuple(fc.integer({ min: 1, max: 3_600_000 }), fc.integer({ min: 1, max: 3_600_000 }))
  .map(([a, b]) => ({ backoffMinMs: Math.min(a, b), backoffMaxMs: Math.max(a, b) }));
const attempts = fc.integer({ min: 1, max: 100_000 });
const random = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });

describe("the back-off", () => {
  it("stays between its bounds, however many attempts there were", () => {
    fc.assert(
      fc.property(bounds, attempts, random, (task, made, chance) => {
        const delayMs = backOffMs({ ...task, attempts: made }, chance);
        expect(delayMs).toBeGreaterThanOrEqual(task.backoffMinMs);
        expect(delayMs).toBeLessThanOrEqual(task.backoffMaxMs);
      }),
    );
  });

  it("never gets shorter from attempt to attempt, and doubles at most", () => {
    fc.assert(
      fc.property(bounds, attempts, random, (task, made, chance) => {
        const first = backOffMs({ ...task, attempts: made }, chance);
        const next = backOffMs({ ...task, attempts: made + 1 }, chance);
        expect(next).toBeGreaterThanOrEqual(first);
        expect(next).toBeLessThanOrEqual(2 * first);
      }),
    );
  });

  it("reaches its longest, and spreads tasks that failed together", () => {
    const task = { backoffMinMs: 500, backoffMaxMs: 10_000 };
    expect(backOffMs({ ...task, attempts: 1 }, 0)).toBe(500);
    expect(backOffMs({ ...task, attempts: 1 }, 0.5)).toBe(750);
    expect([0, 0.5, 0.999].map((chance) => Math.round(backOffMs({ ...task, attempts: 20 }, chance)))).toEqual([
      5_000, 7_500, 9_995,
    ]);
  });
});

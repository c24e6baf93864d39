import fc from "fast-check";
import { expect, it } from "vitest";
import { taskBackOffMs } from "./back-off.ts";

const bounds = fc
  .tuple(fc.integer({ min: 1, max: 3_600_000 }), fc.integer({ min: 1, max: 3_600_000 }))
  .map(([a, b]) => ({ backoffMinMs: Math.min(a, b), backoffMaxMs: Math.max(a, b) }));
const attempts = fc.integer({ min: 1, max: 100_000 });
const random = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });

it("stays between the task's bounds, never gets shorter from attempt to attempt, and doubles at most", () => {
  fc.assert(
    fc.property(bounds, attempts, random, (task, made, chance) => {
      const first = taskBackOffMs({ ...task, attempts: made }, () => chance);
      const next = taskBackOffMs({ ...task, attempts: made + 1 }, () => chance);
      expect(first).toBeGreaterThanOrEqual(task.backoffMinMs);
      expect(next).toBeLessThanOrEqual(task.backoffMaxMs);
      expect(next).toBeGreaterThanOrEqual(first);
      expect(next).toBeLessThanOrEqual(2 * first);
    }),
  );
});

it("reaches its longest, and spreads tasks that failed together", () => {
  const task = { backoffMinMs: 500, backoffMaxMs: 10_000 };
  const waits = (made: number) =>
    [0, 0.5, 0.999].map((chance) => Math.round(taskBackOffMs({ ...task, attempts: made }, () => chance)));
  expect(waits(1)).toEqual([500, 750, 1_000]);
  expect(waits(20)).toEqual([5_000, 7_500, 9_995]);
});

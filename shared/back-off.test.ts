import fc from "fast-check";
import { expect, it } from "vitest";
import { backOffMs } from "./back-off.ts";

const bounds = { minMs: 100, maxMs: 10_000 };

it("doubles from its shortest wait to its longest, however many tries have failed", () => {
  const waits = [1, 2, 3, 7, 8, 5_000].map((failures) => backOffMs(failures, { ...bounds, jitter: 0 }));
  expect(waits).toEqual([100, 200, 400, 6_400, 10_000, 10_000]);
});

it("leaves to chance as much as it is told, and is never longer", () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 100_000 }),
      fc.double({ min: 0, max: 1, noNaN: true }),
      fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }),
      (failures, jitter, random) => {
        const longestMs = backOffMs(failures, { ...bounds, jitter: 0 });
        const waitMs = backOffMs(failures, { ...bounds, jitter }, () => random);
        expect(waitMs).toBeLessThanOrEqual(longestMs * (1 + Number.EPSILON));
        expect(waitMs).toBeGreaterThanOrEqual(longestMs * (1 - jitter) * (1 - Number.EPSILON));
      },
    ),
  );
  expect([0, 0.5].map((random) => backOffMs(1, { ...bounds, jitter: 1 }, () => random))).toEqual([0, 50]);
});

import fc from "fast-check";
import { expect, it } from "vitest";
import { RETRIES_MAX, retryPauseMs } from "./retry-pause.ts";

it("waits 1, 2 and 4 s, each within a quarter of it", () => {
  const middle = [1, 2, 3].map((retry) => retryPauseMs(retry, () => 0.5));
  expect(middle).toEqual([1_000, 2_000, 4_000]);
  expect(RETRIES_MAX).toBe(3);
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 3 }),
      fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }),
      (retry, random) => {
        const pauseMs = retryPauseMs(retry, () => random);
        const middleMs = 1_000 * 2 ** (retry - 1);
        expect(pauseMs).toBeGreaterThanOrEqual(0.75 * middleMs);
        expect(pauseMs).toBeLessThanOrEqual(1.25 * middleMs);
      },
    ),
  );
  expect(retryPauseMs(1, () => 0)).not.toBe(retryPauseMs(1, () => 0.9));
});

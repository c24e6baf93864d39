import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { STEPS, StepCache, UNSETTLED_STEPS } from "./step-cache.ts";

describe("counts by step", () => {
  it("are those that a direct count gives, whenever it is asked, while rows are added to the latest steps", async () => {
    const moves = fc.array(
      fc.record({ passed: fc.nat(200), added: fc.array(fc.nat(UNSETTLED_STEPS - 1), { maxLength: 5 }) }),
      { maxLength: 30 },
    );
    await fc.assert(
      fc.asyncProperty(moves, async (steps) => {
        const rows = new Map<number, number>();
        const { cache } = counting(rows);
        let now = 1_000;
        for (const { passed, added } of steps) {
          now += passed;
          for (const age of added) rows.set(now - age, (rows.get(now - age) ?? 0) + 1);
          const expected = Array.from({ length: STEPS }, (_, age) => rows.get(now - age) ?? 0);
          expect(await cache.read(now, Number.POSITIVE_INFINITY)).toEqual(expected);
        }
      }),
    );
  });

  it("are made once for steps that are over, and anew for the latest", async () => {
    const { cache, counted } = counting(new Map());
    await cache.read(1_000, Number.POSITIVE_INFINITY);
    counted.length = 0;
    await cache.read(1_000, Number.POSITIVE_INFINITY);
    await cache.read(1_001, Number.POSITIVE_INFINITY);
    const justOver = 1_001 - UNSETTLED_STEPS;
    expect(counted).toEqual([
      [justOver, 1_000],
      [justOver + 1, 1_001],
      [justOver, justOver],
    ]);
  });

  it("reach back further with each answer where there is not the time for all, without a gap", async () => {
    const { cache, counted } = counting(new Map(), { isSlow: true });
    const lengths: number[] = [];
    for (let i = 0; i < 8; i++) lengths.push((await cache.read(1_000, 0)).length);
    expect(lengths[0]).toBe(UNSETTLED_STEPS);
    expect(lengths).toEqual(lengths.toSorted((one, other) => one - other));
    expect(counted.every(([from, to]) => from <= to && from > 1_000 - STEPS)).toBe(true);
  });
});

function counting(rows: Map<number, number>, { isSlow = false } = {}) {
  const counted: [number, number][] = [];
  const cache = new StepCache<number>(async (from, to) => {
    counted.push([from, to]);
    if (isSlow) await new Promise((resolve) => setTimeout(resolve, 2));
    return new Map([...rows].filter(([step]) => step >= from && step <= to));
  }, 0);
  return { cache, counted };
}

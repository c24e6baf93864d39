import fc from "fast-check";
import { expect, it } from "vitest";
import { ownerOf } from "./owner-of.ts";

const ITEMS = Array.from({ length: 3_000 }, (_, index) => index + 1);

it("is the same in every process, in whatever order each knows the others", () => {
  const slots = fc.uniqueArray(fc.nat(63), { minLength: 1 });
  fc.assert(
    fc.property(fc.integer({ min: 1, max: Number.MAX_SAFE_INTEGER }), slots, (itemId, living) => {
      expect(living).toContain(ownerOf(itemId, living));
      expect(ownerOf(itemId, living.toReversed())).toBe(ownerOf(itemId, living));
    }),
  );
});

it.each([2, 3, 8])("gives each of %i processes its share of the items", (count) => {
  const slots = Array.from({ length: count }, (_, slot) => slot);
  for (const slot of slots) {
    const share = ITEMS.filter((itemId) => ownerOf(itemId, slots) === slot).length / (ITEMS.length / count);
    expect(share).toBeGreaterThan(0.85);
    expect(share).toBeLessThan(1.15);
  }
});

it("moves nobody's items but those of the process that is gone", () => {
  for (const itemId of ITEMS) {
    const before = ownerOf(itemId, [0, 1, 2]);
    const after = ownerOf(itemId, [0, 2]);
    if (before !== 1) expect(after).toBe(before);
  }
});

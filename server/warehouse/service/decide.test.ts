import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { decideDispatch } from "./decide.ts";

const lines = fc.array(
  fc.record({ productId: fc.integer({ min: 1, max: 6 }), quantity: fc.integer({ min: 1, max: 9 }) }),
  {
    minLength: 1,
    maxLength: 12,
  },
);
/** Some of the products, with some units. */
const stocks = fc
  .dictionary(fc.integer({ min: 1, max: 6 }).map(String), fc.nat({ max: 20 }))
  .map((units) => new Map(Object.entries(units).map(([productId, count]) => [Number(productId), count])));

describe("a dispatch", () => {
  it("takes exactly what was asked for, or nothing, and never below zero", () => {
    fc.assert(
      fc.property(lines, stocks, (asked, stock) => {
        const demand = new Map<number, number>();
        for (const { productId, quantity } of asked) demand.set(productId, (demand.get(productId) ?? 0) + quantity);
        const unknown = [...demand.keys()].filter((productId) => !stock.has(productId));
        const short = [...demand].filter(([productId, units]) => (stock.get(productId) ?? 0) < units);
        const answer = decideDispatch({ reference: "r", lines: asked }, stock);
        if (answer.outcome === "done") {
          expect([unknown, short]).toEqual([[], []]);
          expect(new Map(answer.updates.map((update) => [update.productId, -update.quantityChange]))).toEqual(demand);
          for (const { productId, previousStock, quantityChange, newStock } of answer.updates) {
            expect(previousStock).toBe(stock.get(productId));
            expect(newStock).toBe(previousStock + quantityChange);
            expect(newStock).toBeGreaterThanOrEqual(0);
          }
        } else {
          expect(answer.code).toBe(unknown.length > 0 ? "UNKNOWN_PRODUCT" : "SHORTAGE");
          const named = unknown.length > 0 ? unknown : short.map(([productId]) => productId);
          expect(answer.products.map(({ productId }) => productId)).toEqual(named.toSorted((a, b) => a - b));
          for (const { productId, requested, available } of answer.products) {
            expect(requested).toBe(demand.get(productId));
            expect(available).toBe(stock.get(productId) ?? 0);
          }
        }
      }),
    );
  });

  it("names only the first few of many products in its sentence", () => {
    const asked = Array.from({ length: 8 }, (_, index) => ({ productId: index + 1, quantity: 1 }));
    const answer = decideDispatch({ reference: "r", lines: asked }, new Map());
    expect(answer).toMatchObject({ message: "The warehouse does not know products 1, 2, 3, 4, 5 and 3 more." });
  });
});

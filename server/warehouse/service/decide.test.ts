import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type DispatchRequest, decideDispatch, decideDispatches } from "./decide.ts";
import type { StoredAnswer } from "./records.ts";

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

/** Few keys, each of which may come with different input. */
const requests = fc.array(
  fc.record({ key: fc.integer({ min: 1, max: 4 }).map((n) => `key-${n}`), lines }).map(
    ({ key, lines: asked }): DispatchRequest => ({
      key,
      fingerprint: JSON.stringify(asked),
      traceId: undefined,
      body: { reference: key, lines: asked },
    }),
  ),
  { maxLength: 8 },
);

describe("dispatches of one batch", () => {
  it("come to the same as each in a batch of its own", () => {
    fc.assert(
      fc.property(requests, stocks, (batch, stock) => {
        const together = decideDispatches(batch, new Map(), stock);
        const records = new Map<string, StoredAnswer>();
        const left = new Map(stock);
        const alone = batch.map((request) => {
          const { answers, decided, newStock } = decideDispatches([request], records, left);
          for (const { answer } of decided) records.set(request.key, { fingerprint: request.fingerprint, answer });
          for (const [productId, units] of newStock) left.set(productId, units);
          return answers[0];
        });
        expect(together.answers).toEqual(alone);
        expect(together.decided.map(({ request }) => request.key)).toEqual([...records.keys()]);
        expect(new Map([...stock, ...together.newStock])).toEqual(left);
      }),
    );
  });

  it("tells products that only were refused from those that changed", () => {
    const request = (key: string, quantity: number) => ({
      ...{ key, fingerprint: `${quantity}`, traceId: undefined },
      body: { reference: key, lines: [{ productId: 1, quantity }] },
    });
    const { answers, newStock } = decideDispatches([request("a", 5), request("b", 6)], new Map(), new Map([[1, 4]]));
    expect(answers.map(({ outcome }) => outcome)).toEqual(["refused", "refused"]);
    expect(newStock.size).toBe(0);
  });
});

import { expect, test } from "vitest";
import {
  afterOrder,
  type Basket,
  type BasketProduct,
  countOf,
  LINES_MAX,
  QUANTITY_MAX,
  withLineAt,
  withoutProduct,
  withPrices,
  withProduct,
  withQuantity,
} from "./basket.ts";

const EMPTY: Basket = { key: "key-1", lines: [] };

test("a product that is added again gets more units, not another line", () => {
  const basket = withProduct(withProduct(EMPTY, product(1)), product(1), 2);
  expect(basket.lines).toEqual([{ productId: 1, quantity: 3, name: "Product 1", imageUrl: null, priceCents: 100 }]);
  expect(countOf(basket)).toBe(3);
});

test("a quantity stays from 1 to 100, whatever is asked for", () => {
  const basket = withProduct(EMPTY, product(1), 5);
  const wishes = [0, -3, 2.9, 100, 101, Number.NaN, Number.POSITIVE_INFINITY];
  expect(wishes.map((wish) => withQuantity(basket, 1, wish).lines[0]?.quantity)).toEqual([
    1,
    1,
    2,
    100,
    QUANTITY_MAX,
    1,
    1,
  ]);
  expect(withProduct(basket, product(1), 500).lines[0]?.quantity).toBe(QUANTITY_MAX);
});

test("a full basket takes more units of what is in it, and no further product", () => {
  const full = Array.from({ length: LINES_MAX }, (_, id) => product(id + 1)).reduce((b, p) => withProduct(b, p), EMPTY);
  expect(withProduct(full, product(9_999))).toBe(full);
  expect(countOf(withProduct(full, product(1)))).toBe(LINES_MAX + 1);
});

test("every change keeps the basket's key", () => {
  const basket = withProduct(EMPTY, product(1));
  const changes = [withQuantity(basket, 1, 4), withoutProduct(basket, 1), withPrices(basket, [product(1, 120)])];
  expect(changes.map(({ key }) => key)).toEqual(["key-1", "key-1", "key-1"]);
});

test("a line that was removed comes back where it was, once", () => {
  const basket = [1, 2, 3].reduce((rest, id) => withProduct(rest, product(id)), EMPTY);
  const removed = basket.lines[1];
  if (!removed) throw new Error("The basket has three lines");
  const back = withLineAt(withoutProduct(basket, 2), removed, 1);
  expect(back).toEqual(basket);
  expect(withLineAt(back, removed, 0)).toBe(back);
});

test("what was put in while the order was under way is a new basket", () => {
  const ordered = [
    { productId: 1, quantity: 2 },
    { productId: 2, quantity: 1 },
  ];
  const now = [product(1), product(1), product(1), product(2), product(3)].reduce((b, p) => withProduct(b, p), EMPTY);
  const rest = afterOrder(now, ordered, "key-2");
  expect(rest.key).toBe("key-2");
  expect(rest.lines.map(({ productId, quantity }) => [productId, quantity])).toEqual([
    [1, 1],
    [3, 1],
  ]);
});

function product(id: number, priceCents = 100): BasketProduct {
  return { id, name: `Product ${id}`, imageUrl: null, priceCents };
}

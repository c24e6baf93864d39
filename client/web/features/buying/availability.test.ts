import { expect, test } from "vitest";
import { quantityChoices } from "./availability.ts";

test("offers up to the limit, and up to what is left", () => {
  expect(quantityChoices({ limitPerCustomer: 3, saleLimit: null, remaining: 50 })).toEqual([1, 2, 3]);
  expect(quantityChoices({ limitPerCustomer: 3, saleLimit: 5, remaining: 2 })).toEqual([1, 2]);
});

test("always offers one, and never more than ten", () => {
  expect(quantityChoices({ limitPerCustomer: 1, saleLimit: null, remaining: 0 })).toEqual([1]);
  expect(quantityChoices({ limitPerCustomer: null, saleLimit: 2, remaining: 50 })).toEqual([1, 2]);
  expect(quantityChoices({ limitPerCustomer: null, saleLimit: null, remaining: 5_000 })).toHaveLength(10);
});

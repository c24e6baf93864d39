import { expect, it } from "vitest";
import { limitWords } from "./limit-words.ts";

it.each([
  [null, null, undefined],
  [2, null, "Limit: 2 per customer"],
  [null, 3, "Limit: 3 per customer over all items"],
  [2, 3, "Limit: 2 per customer, 3 over all items"],
  // The item's own says nothing more.
  [3, 3, "Limit: 3 per customer over all items"],
])("says what a limit of %s for the item and of %s for the sale come to", (ofItem, ofSale, words) => {
  expect(limitWords(ofItem, ofSale)).toBe(words);
});

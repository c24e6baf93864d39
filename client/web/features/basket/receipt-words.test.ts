import { expect, test } from "vitest";
import { ORDER_STATUSES } from "../../../../shared/orders.ts";
import { receiptWords } from "./receipt-words.ts";

test("a receipt says where the order is, and of one that was given back where the money is", () => {
  expect(ORDER_STATUSES.map(receiptWords)).toEqual([
    "paid, being dispatched.",
    "paid, and on its way.",
    "not dispatched. Your money is back in your wallet.",
    "given back. Your money is back in your wallet.",
  ]);
});

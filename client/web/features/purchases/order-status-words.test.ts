import { expect, test } from "vitest";
import { ORDER_STATUSES } from "../../../../shared/orders.ts";
import { orderStatusWords } from "./order-status-words.ts";

test("every status has words of its own, and tells good from bad", () => {
  const words = ORDER_STATUSES.map((status) => orderStatusWords({ status, inventoryUpdated: true }));
  expect(words).toMatchObject([
    { text: "Paid, being dispatched", tone: "plain" },
    { text: "Dispatched", tone: "good" },
    { text: "Not dispatched", tone: "bad" },
    { text: "Refunded", tone: "good" },
  ]);
});

test("the page looks again only for what still goes on by itself", () => {
  const onTheirWay = ORDER_STATUSES.filter((status) => orderStatusWords({ status, inventoryUpdated: true }).isOnItsWay);
  expect(onTheirWay).toEqual(["pending"]);
});

test("an order whose units were not taken yet is paid, and no more", () => {
  expect(orderStatusWords({ status: "pending", inventoryUpdated: false }).text).toBe("Paid");
});

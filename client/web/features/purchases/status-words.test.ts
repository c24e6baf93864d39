import { expect, test } from "vitest";
import { ORDER_STATUSES } from "../../../../shared/orders.ts";
import { PURCHASE_STATUSES } from "../../../../shared/purchases.ts";
import { orderStatusWords, PURCHASE_STATUS_WORDS } from "./status-words.ts";

test("every status has words of its own, and tells good from bad", () => {
  expect(PURCHASE_STATUSES.map((status) => PURCHASE_STATUS_WORDS[status])).toMatchObject([
    { text: "Paid", tone: "plain" },
    { text: "Paid, being dispatched", tone: "plain" },
    { text: "Dispatched", tone: "good" },
    { text: "Not dispatched", tone: "bad" },
    { text: "Refunded", tone: "good" },
  ]);
});

test("the page looks again only for what still goes on by itself", () => {
  const onTheirWay = PURCHASE_STATUSES.filter((status) => PURCHASE_STATUS_WORDS[status].isOnItsWay);
  expect(onTheirWay).toEqual(["paid", "dispatching"]);
});

test("every status of an order has words of its own, and tells good from bad", () => {
  const words = ORDER_STATUSES.map((status) => orderStatusWords({ status, inventoryUpdated: true }));
  expect(words).toMatchObject([
    { text: "Paid, being dispatched", tone: "plain" },
    { text: "Dispatched", tone: "good" },
    { text: "Not dispatched", tone: "bad" },
    { text: "Refunded", tone: "good" },
  ]);
});

test("the page looks again only for an order that still goes on by itself", () => {
  const onTheirWay = ORDER_STATUSES.filter((status) => orderStatusWords({ status, inventoryUpdated: true }).isOnItsWay);
  expect(onTheirWay).toEqual(["pending"]);
});

test("an order whose units were not taken yet is paid, and no more", () => {
  expect(orderStatusWords({ status: "pending", inventoryUpdated: false }).text).toBe("Paid");
});

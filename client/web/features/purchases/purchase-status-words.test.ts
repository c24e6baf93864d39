import { expect, test } from "vitest";
import { PURCHASE_STATUSES } from "../../../../shared/purchases.ts";
import { PURCHASE_STATUS_WORDS } from "./purchase-status-words.ts";

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

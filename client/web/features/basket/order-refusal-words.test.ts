import { expect, test } from "vitest";
import { ORDER_REFUSALS, type OrderRefusalCode } from "../../../../shared/orders.ts";
import { orderRefusalWords } from "./order-refusal-words.ts";

const CODES = Object.keys(ORDER_REFUSALS) as OrderRefusalCode[];

test("whatever the refusal, the buyer learns that nothing was charged or what is missing", () => {
  for (const code of CODES) {
    const { title, text } = orderRefusalWords({ code, message: "The wallet lacks €5.00." });
    expect(title, code).not.toBe("");
    expect(text, code).toMatch(/Nothing was charged|The wallet lacks €5\.00\./);
  }
});

test("leads to the orders where there is one already", () => {
  const offers = CODES.map((code) => [code, orderRefusalWords({ code, message: "" }).offer] as const);
  expect(offers.filter(([, offer]) => offer !== "none")).toEqual([["REQUEST_ID_REUSED", "orders"]]);
});

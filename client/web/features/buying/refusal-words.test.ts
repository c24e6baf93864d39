import { expect, test } from "vitest";
import { REFUSAL_CODES } from "../../../../shared/refusals.ts";
import { refusalWords } from "./refusal-words.ts";

const FACTS = { message: "Sold out. The last one went 2 seconds before your turn.", startsAt: "at 18:00" };

test("every refusal has a title and a sentence of its own", () => {
  const words = REFUSAL_CODES.map((code) => refusalWords({ code, ...FACTS }));
  expect(new Set(words.map(({ title }) => title)).size).toBe(REFUSAL_CODES.length);
  for (const { title, text } of words) {
    expect(title).not.toBe("");
    expect(text).toMatch(/[.]$/);
  }
});

test("a sold-out item says in the server's words how far behind the buyer was", () => {
  expect(refusalWords({ code: "OUT_OF_STOCK", ...FACTS }).text).toBe(`${FACTS.message} Nothing was charged.`);
});

test("a sale that has not started says when it does", () => {
  expect(refusalWords({ code: "SALE_NOT_STARTED", ...FACTS }).text).toContain("starts at 18:00");
});

import { expect, test } from "vitest";
import { refundSentences } from "./refund-sentences.ts";

test("says for certain whether the units come back, by whether the dispatch was tried", () => {
  const words = (status: "PENDING" | "PROCESSING" | "COMPLETED" | "FAILED", attempts: number) =>
    refundSentences("€19.99", { status, attempts });
  expect(words("PENDING", 0)).toBe(
    "€19.99 go back to the wallet. Its dispatch has not begun: the units can be sold again.",
  );
  const begun = "€19.99 go back to the wallet. Its dispatch has begun: the units do not come back.";
  expect([words("PROCESSING", 1), words("PENDING", 1), words("FAILED", 5)]).toEqual([begun, begun, begun]);
  expect(words("COMPLETED", 1)).toContain("It is dispatched already: the units do not come back.");
});

test("says what it depends on while the dispatch is not known", () => {
  expect(refundSentences("€5.00", undefined)).toContain("unless their dispatch has begun");
});

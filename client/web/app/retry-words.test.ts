import { expect, test } from "vitest";
import { retryWords } from "./retry-words.ts";

test("a lost connection is called one", () => {
  expect(retryWords({ reason: "NETWORK", delayMs: 300 })).toBe("The connection was lost; trying again…");
  expect(retryWords({ reason: "OUTCOME_UNKNOWN", delayMs: 0 })).toContain("The connection was lost");
});

test("a crowd is called one, with the seconds to wait rounded up", () => {
  expect(retryWords({ reason: "OVERLOADED", delayMs: 1_200 })).toBe("The crowd is large; trying again in 2 s…");
  expect(retryWords({ reason: "LOCK_TIMEOUT", delayMs: 0 })).toBe("The crowd is large; trying again…");
});

test("a limit says that the buyer was too quick", () => {
  expect(retryWords({ reason: "RATE_LIMITED", delayMs: 5_000 })).toBe(
    "That was quicker than the shop allows; trying again in 5 s…",
  );
});

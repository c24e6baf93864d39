import { expect, test } from "vitest";
import { DoorbusterError } from "../../sdk/errors.ts";
import { failureWords } from "./failure-words.ts";

test.each([
  [new DoorbusterError("NETWORK", "x"), true, "You are offline"],
  [new DoorbusterError("NETWORK", "x"), false, "could not be reached over the network"],
  [new DoorbusterError("TIMEOUT", "x"), false, "could not be reached over the network"],
  [new TypeError("Failed to fetch"), false, "connection to the shop was lost"],
  [new DoorbusterError("UNAVAILABLE", "x", { httpStatus: 503 }), false, "may be starting again"],
  [new DoorbusterError("UNAVAILABLE", "x", { httpStatus: 503, requestId: "r-1" }), false, "database does not answer"],
  [new DoorbusterError("INTERNAL", "x", { requestId: "r-1" }), false, "Reference r-1"],
  [new DoorbusterError("RATE_LIMITED", "Too many requests."), false, "Too many requests."],
])("%s, offline %s: names what is wrong", (error, isOffline, words) => {
  expect(failureWords(error, isOffline)).toContain(words);
});

test("where the shop gave no reference none is named", () => {
  expect(failureWords(new DoorbusterError("INTERNAL", "x"), false)).toBe(
    "The shop had a problem: the page keeps trying.",
  );
});

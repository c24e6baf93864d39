import { expect, test } from "vitest";
import { DoorbusterError } from "../../sdk/errors.ts";
import { signedOutWords } from "./action-words.ts";
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

const LOST = new DoorbusterError("OUTCOME_UNKNOWN", "Ask again with the same key.", { outcome: "unknown" });
const TURNED_AWAY = new DoorbusterError("UNAUTHENTICATED", "Please sign in.");

test.each([
  ["nothing that was asked for", undefined, /out\.$/],
  ["what was done", { status: "success", error: null }, /out\.$/],
  ["what another refusal met", { status: "error", error: new DoorbusterError("NOT_FOUND", "x") }, /out\.$/],
  ["what the end of the session turned away", { status: "error", error: TURNED_AWAY }, /Nothing was done\.$/],
  ["what has no answer yet", { status: "pending", error: null }, /not known/],
  ["what was turned away after a lost answer", { status: "error", error: LOST }, /not known/],
])("after %s, whoever was signed out hears no more than is known", (_, last, words) => {
  expect(signedOutWords(last)).toMatch(words);
});

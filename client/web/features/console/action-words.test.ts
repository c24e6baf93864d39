import { expect, test } from "vitest";
import { DoorbusterError } from "../../../sdk/errors.ts";
import { actionWords } from "./action-words.ts";

const LOST = new DoorbusterError("OUTCOME_UNKNOWN", "Ask again with the same key.", { outcome: "unknown" });
const REFUSED = new DoorbusterError("NOT_FOUND", "No such user.");
const SEEN = { isLooking: false, isOffline: false };
const UNKNOWN = "It is not known whether this was done";
const LOOK = "Look at the list first.";

test.each([
  ["not known, while the page looks offline", LOST, { isLooking: true, isOffline: true }, UNKNOWN, "You are offline"],
  ["not known, while the page looks", LOST, { isLooking: true, isOffline: false }, UNKNOWN, "the page is looking"],
  ["not known, and safe to ask for again", LOST, SEEN, UNKNOWN, "Ask for it again to find out: it is done once."],
  ["not known, and not safe to ask for again", LOST, { ...SEEN, look: LOOK }, UNKNOWN, LOOK],
  ["done", LOST, { ...SEEN, isDone: true, title: "Not saved" }, "It was done", "answer to your try was lost"],
  ["refused", REFUSED, { ...SEEN, look: LOOK }, "That was not done", "No such user."],
  ["refused, by its own name", REFUSED, { ...SEEN, title: "Not saved" }, "Not saved", "No such user."],
] as const)(
  "of what is %s, heading and words say the same, and nothing of keys",
  (_, error, known, heading, sentence) => {
    const { title, words } = actionWords(error, known);
    expect(title).toBe(heading);
    expect(words).toContain(sentence);
    expect(words).not.toContain("key");
    if (known !== SEEN && "look" in known && error === LOST) expect(words).not.toContain("again");
  },
);

test.each([
  ["Too big: expected number to be <=500", "The shop cannot take what stands here."],
  ["Invalid input: expected number, received NaN", "The shop cannot take what stands here."],
  ["a sale is over within ten years of its start", "A sale is over within ten years of its start."],
])("what the validator says is not shown to people: %s", (message, words) => {
  const error = new DoorbusterError("INVALID_INPUT", `endsAt: ${message}`, { issues: [{ path: "endsAt", message }] });
  expect(actionWords(error, SEEN).words).toBe(words);
});

test("who changed it meanwhile is told to people without what is for programs", () => {
  const message =
    "Ada (ada@example.com) was the last to change this product, at 2026-12-01T04:08:15.203Z (products.update). " +
    "It is not as you saw it: look at it again. What you send after that carries edits: 5.";
  expect(actionWords(new DoorbusterError("CHANGED_MEANWHILE", message), SEEN).words).toBe(
    "Ada (ada@example.com) was the last to change this product. It is not as you saw it: look at it again.",
  );
});

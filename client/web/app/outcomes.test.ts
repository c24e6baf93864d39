import { expect, test, vi } from "vitest";
import { Outcomes } from "./outcomes.ts";

const GONE = { itemId: 3, words: "Sold out" };

test("what is reported here is shown here and told to the other tabs", () => {
  const postMessage = vi.fn();
  const outcomes = open({ postMessage });
  outcomes.report(GONE);
  expect(outcomes.latest(3)).toBe(GONE);
  expect(postMessage).toHaveBeenCalledExactlyOnceWith(GONE);
});

test("what another tab reported is shown and not told again", () => {
  const postMessage = vi.fn();
  const outcomes = open({ postMessage });
  outcomes.receive(GONE);
  expect(outcomes.latest(3)).toBe(GONE);
  expect(postMessage).not.toHaveBeenCalled();
});

test("each subject has an outcome of its own, and its latest is the one that is shown", () => {
  const outcomes = open(undefined);
  const bought = { itemId: 3, words: "Bought" };
  const other = { itemId: 4, words: "Bought" };
  for (const outcome of [GONE, other, bought]) outcomes.report(outcome);
  expect([3, 4, 5].map((itemId) => outcomes.latest(itemId))).toEqual([bought, other, undefined]);
});

test("a dismissed outcome is gone, and who listens hears of it", () => {
  const outcomes = open(undefined);
  outcomes.report(GONE);
  const listener = vi.fn();
  const stop = outcomes.subscribe(listener);
  outcomes.dismiss(3);
  outcomes.dismiss(3);
  stop();
  expect(outcomes.latest(3)).toBeUndefined();
  expect(listener).toHaveBeenCalledOnce();
});

function open(channel: Pick<BroadcastChannel, "postMessage"> | undefined) {
  return new Outcomes({ channel, subjectOf: ({ itemId }: typeof GONE) => itemId });
}

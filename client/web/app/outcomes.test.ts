import { afterEach, expect, test, vi } from "vitest";
import { Outcomes } from "./outcomes.ts";

const opened: BroadcastChannel[] = [];
vi.stubGlobal(
  "BroadcastChannel",
  class extends BroadcastChannel {
    constructor(name: string) {
      super(name);
      opened.push(this);
    }
  },
);
afterEach(() => {
  for (const channel of opened.splice(0)) channel.close();
});

test("what is reported in one tab is shown in all, and each hears of it", async () => {
  const [one, other] = tabs();
  const gone = outcome("key-1", "Sold out");
  one.outcomes.report(gone);
  expect(one.outcomes.latest(3)).toBe(gone);
  await vi.waitFor(() => expect(other.outcomes.latest(3)).toEqual(gone));
  expect([one.heard, other.heard]).toEqual([[gone], [gone]]);
});

test("of two tabs that ask for the same thing at once, each shows its own outcome, whichever sent it", async () => {
  const [one, other] = tabs();
  one.outcomes.expect(3, "key-1");
  other.outcomes.expect(3, "key-2");
  const [first, second] = [outcome("key-1", "Number 1"), outcome("key-2", "Number 2")];
  one.outcomes.report(second);
  one.outcomes.report(first);
  await vi.waitFor(() => expect(other.heard).toEqual([second, first]));
  expect(one.outcomes.latest(3)).toBe(first);
  expect(other.outcomes.latest(3)).toEqual(second);
  expect(one.outcomes.isShown(3, second.intent)).toBe(false);
});

test("a tab that has dismissed its own outcome shows the others' again", () => {
  const [{ outcomes }] = tabs();
  outcomes.expect(3, "key-1");
  outcomes.dismiss(3);
  const other = outcome("key-2", "Number 2");
  outcomes.report(other);
  expect(outcomes.latest(3)).toBe(other);
});

test("a new click takes away what became of the one before", () => {
  const [{ outcomes }] = tabs();
  outcomes.report(outcome("key-1", "Sold out"));
  outcomes.expect(3, "key-2");
  expect(outcomes.latest(3)).toBeUndefined();
});

test("what was shown where it belongs is known to be seen, and nothing else is", () => {
  const [{ outcomes }] = tabs();
  const [seen, unseen] = [outcome("key-1", "Bought"), outcome("key-2", "Bought", 4)];
  outcomes.noteSeen(seen);
  expect([seen, unseen].map((each) => outcomes.isSeen(each))).toEqual([true, false]);
});

test("each subject has an outcome of its own, and its latest is the one that is shown", () => {
  const [{ outcomes }] = tabs();
  const bought = outcome("key-3", "Bought");
  const other = outcome("key-2", "Bought", 4);
  for (const next of [outcome("key-1", "Sold out"), other, bought]) outcomes.report(next);
  expect([3, 4, 5].map((itemId) => outcomes.latest(itemId))).toEqual([bought, other, undefined]);
});

test("a dismissed outcome is gone, and who listens hears of it", () => {
  const [{ outcomes }] = tabs();
  outcomes.report(outcome("key-1", "Sold out"));
  const listener = vi.fn();
  const stop = outcomes.subscribe(listener);
  outcomes.dismiss(3);
  outcomes.dismiss(3);
  stop();
  expect(outcomes.latest(3)).toBeUndefined();
  outcomes.report(outcome("key-2", "Sold out"));
  expect(listener).toHaveBeenCalledOnce();
});

function outcome(key: string, words: string, itemId = 3) {
  return { intent: { key, userId: "kim", createdAt: "2026-11-20T10:00:00.000Z" }, itemId, words };
}

/** Two tabs of one browser. */
function tabs() {
  const name = `test-${crypto.randomUUID()}`;
  const open = () => {
    const heard: unknown[] = [];
    const outcomes = new Outcomes<number, ReturnType<typeof outcome>>({
      name,
      subjectOf: ({ itemId }) => itemId,
      onOutcome: (next) => heard.push(next),
    });
    return { outcomes, heard };
  };
  return [open(), open()] as const;
}

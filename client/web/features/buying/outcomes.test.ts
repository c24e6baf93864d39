import { expect, test, vi } from "vitest";
import { type Outcome, Outcomes } from "./outcomes.ts";

const LAPSED: Outcome = {
  kind: "lapsed",
  intent: { key: "key-1", userId: "kim", createdAt: "2030-01-01T12:00:00.000Z", itemId: 3, quantity: 1 },
};

test("what is reported here is shown here and told to the other tabs", () => {
  const postMessage = vi.fn();
  const outcomes = new Outcomes({ postMessage });
  outcomes.report(LAPSED);
  expect(outcomes.byItem().get(3)).toBe(LAPSED);
  expect(postMessage).toHaveBeenCalledExactlyOnceWith(LAPSED);
});

test("what another tab reported is shown and not told again", () => {
  const postMessage = vi.fn();
  const outcomes = new Outcomes({ postMessage });
  outcomes.receive(LAPSED);
  expect(outcomes.byItem().get(3)).toBe(LAPSED);
  expect(postMessage).not.toHaveBeenCalled();
});

test("a dismissed outcome is gone, and who listens hears of it", () => {
  const outcomes = new Outcomes(undefined);
  outcomes.report(LAPSED);
  const listener = vi.fn();
  const stop = outcomes.subscribe(listener);
  outcomes.dismiss(3);
  outcomes.dismiss(3);
  stop();
  expect(outcomes.byItem().size).toBe(0);
  expect(listener).toHaveBeenCalledOnce();
});

import { expect, test } from "vitest";
import { proposedAmounts, TOP_UP_CENTS_MAX } from "./proposal.ts";

test.each([
  [12_900, 13_000],
  [1, 500],
  [5_000, 5_000],
  [5_001, 5_500],
  [999_999, TOP_UP_CENTS_MAX],
  [5_000_000, TOP_UP_CENTS_MAX],
])("where %i cents are missing, it proposes %i, among the usual amounts", (missingCents, proposed) => {
  const { amountsCents, chosenCents } = proposedAmounts(missingCents);
  expect(chosenCents).toBe(proposed);
  const usual = [2_500, 5_000, 10_000, 25_000];
  const all = usual.includes(proposed) ? usual : [...usual, proposed].sort((a, b) => a - b);
  expect(amountsCents).toEqual(all);
});

// Less than nothing where the wallet was filled while the dialog was opened.
test.each([0, -100])("where nothing is missing, it proposes a usual amount: %i", (missingCents) => {
  expect(proposedAmounts(missingCents)).toEqual({ amountsCents: [2_500, 5_000, 10_000, 25_000], chosenCents: 5_000 });
});

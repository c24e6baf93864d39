import { expect, test } from "vitest";
import type { Bought } from "./bought.ts";
import { mergeByTime } from "./merge-by-time.ts";

const part = (hours: number[], hasMore: boolean) => ({ entries: hours.map(boughtAt), hasMore });

test("lists that are read to their end become one, newest first", () => {
  expect(shown([part([9, 5, 1], false), part([8, 7, 2], false)])).toEqual({ hours: [9, 8, 7, 5, 2, 1], behind: [] });
  expect(shown([part([], false), part([3], false)])).toEqual({ hours: [3], behind: [] });
});

test("nothing is shown before what may still come between", () => {
  expect(shown([part([9, 5], true), part([8, 7, 2], true)])).toEqual({ hours: [9, 8, 7, 5], behind: [0] });
  expect(shown([part([9, 5], true), part([8, 7, 2], false)])).toEqual({ hours: [9, 8, 7, 5], behind: [0] });
  expect(shown([part([9], false), part([8, 2], true)])).toEqual({ hours: [9, 8, 2], behind: [1] });
});

test("only what goes on is read on, also where another list ends at the same moment", () => {
  expect(shown([part([9, 5], true), part([8, 5], false)])).toEqual({ hours: [9, 8, 5, 5], behind: [0] });
});

test("reading on to the end shows each entry once, in one order", () => {
  const all = [
    [20, 19, 18, 7, 6, 1],
    [17, 16, 5, 4, 3, 2],
  ];
  const read = [2, 2];
  const parts = () => all.map((hours, index) => part(hours.slice(0, read[index]), hours.length > (read[index] ?? 0)));
  let before: (number | undefined)[] = [];
  for (;;) {
    const { hours, behind } = shown(parts());
    expect(hours.slice(0, before.length)).toEqual(before);
    before = hours;
    if (behind.length === 0) break;
    for (const index of behind) read[index] = (read[index] ?? 0) + 2;
  }
  expect(before).toEqual(all.flat().sort((a, b) => b - a));
});

function shown(parts: Parameters<typeof mergeByTime>[0]) {
  const { entries, behind } = mergeByTime(parts);
  return { hours: entries.map(({ boughtAt }) => new Date(boughtAt).getUTCHours()), behind };
}

function boughtAt(hour: number): Bought {
  return {
    receiptId: String(hour),
    number: `Order ${hour}`,
    boughtAt: new Date(Date.UTC(2030, 0, 1, hour)).toISOString(),
    position: undefined,
    status: { text: "Paid", tone: "plain", isOnItsWay: false, isGivenBack: false },
    refundedAt: null,
    because: null,
    amountCents: 100,
    currency: "EUR",
    balanceCents: 0,
    lines: [],
  };
}

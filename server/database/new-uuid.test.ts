import { afterEach, expect, it, vi } from "vitest";
import { newUuid } from "./new-uuid.ts";

const VERSION_7 = /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;

afterEach(() => void vi.useRealTimers());

it("never makes one twice, and makes them in order", () => {
  // More than there are counts in a millisecond.
  const ids = Array.from({ length: 20_000 }, newUuid);
  expect(new Set(ids).size).toBe(ids.length);
  expect(ids.toSorted()).toEqual(ids);
  for (const id of ids) expect(id).toMatch(VERSION_7);
});

it("makes them in order when the clock is put back", () => {
  vi.useFakeTimers({ toFake: ["Date"], now: Date.now() + 60_000 });
  const before = newUuid();
  vi.setSystemTime(Date.now() - 3_600_000);
  expect(newUuid() > before).toBe(true);
});

it("says when it was made", () => {
  // Later than any other test may have made one.
  const madeAtMs = Date.now() + 7_200_000;
  vi.useFakeTimers({ toFake: ["Date"], now: madeAtMs });
  expect(Number.parseInt(newUuid().replaceAll("-", "").slice(0, 12), 16)).toBe(madeAtMs);
});

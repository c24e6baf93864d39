import { expect, test } from "vitest";
import { BACK_OFF_BASE_MS, BACK_OFF_MAX_MS, backOffMs } from "./back-off.ts";

const never = undefined;

test("waits anything from nothing up to a ceiling that doubles with every try", () => {
  for (const [index, ceilingMs] of [250, 500, 1_000, 2_000, 4_000, 5_000, 5_000].entries()) {
    expect(backOffMs({ tries: index + 1, retryAfterMs: never }, () => 0)).toBe(0);
    expect(backOffMs({ tries: index + 1, retryAfterMs: never }, () => 0.5)).toBe(ceilingMs / 2);
    expect(backOffMs({ tries: index + 1, retryAfterMs: never }, () => 1)).toBe(ceilingMs);
  }
});

test("stays at the ceiling however many tries have failed", () => {
  expect(backOffMs({ tries: 5_000, retryAfterMs: never }, () => 1)).toBe(BACK_OFF_MAX_MS);
});

test("waits what the server asked for in full, with the jitter on top", () => {
  expect(backOffMs({ tries: 1, retryAfterMs: 3_000 }, () => 0)).toBe(3_000);
  expect(backOffMs({ tries: 1, retryAfterMs: 3_000 }, () => 1)).toBe(3_000 + BACK_OFF_BASE_MS);
  expect(backOffMs({ tries: 1, retryAfterMs: 60_000 }, () => 0)).toBe(60_000);
});

import { expect, test } from "vitest";
import { Timeline } from "./timeline.ts";

test("counts each second by itself, those in which nothing happened too", () => {
  let nowMs = 5_000;
  const timeline = new Timeline({ openedAt: 5_000, now: () => nowMs });
  timeline.sent();
  timeline.answered("purchased", 10);
  nowMs = 5_999;
  timeline.answered("refused", 30);
  nowMs = 8_000;
  timeline.sent();
  timeline.answered("faults", 500);
  const nothing = { sent: 0, purchased: 0, refused: 0, faults: 0, p50Ms: 0, p99Ms: 0 };
  const points = timeline.points();
  expect(points).toMatchObject([
    { second: 0, sent: 1, purchased: 1, refused: 1, faults: 0 },
    { second: 1, ...nothing },
    { second: 2, ...nothing },
    { second: 3, sent: 1, purchased: 0, refused: 0, faults: 1 },
  ]);
  expect(points[0]?.p50Ms).toBeCloseTo(10, 0);
  expect(points[0]?.p99Ms).toBeCloseTo(30, 0);
});

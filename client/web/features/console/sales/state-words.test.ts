import { expect, it } from "vitest";
import { spanWords, stateNow, timeToChange } from "./state-words.ts";

const sale = { startsAt: "2026-12-04T17:00:00Z", endsAt: "2026-12-04T19:00:00Z" };
const at = (time: string) => Date.parse(`2026-12-04T${time}Z`);

it("knows that a start or an end has passed since the sale was read", () => {
  expect(stateNow({ ...sale, status: "scheduled" }, at("16:59:59"))).toBe("scheduled");
  expect(stateNow({ ...sale, status: "scheduled" }, at("17:00:00"))).toBe("live");
  expect(stateNow({ ...sale, status: "paused" }, at("18:00:00"))).toBe("paused");
  expect(stateNow({ ...sale, status: "live" }, at("19:00:00"))).toBe("ended");
  expect(stateNow({ ...sale, status: "cancelled" }, at("19:00:00"))).toBe("cancelled");
});

it("tells what happens next by itself, and in how long", () => {
  expect(timeToChange({ ...sale, status: "scheduled" }, at("16:59:30"))).toEqual({ what: "starts", leftMs: 30_000 });
  expect(timeToChange({ ...sale, status: "paused" }, at("18:00:00"))).toEqual({ what: "ends", leftMs: 3_600_000 });
  expect(timeToChange({ ...sale, status: "live" }, at("19:00:00"))).toBeUndefined();
  expect([0, 5_000, 65_000, 3_600_000, 90_061_000, 200_000_000].map(spanWords)).toEqual(
    ["0 s", "5 s", "1 min 5 s", "1 h", "1 day 1 h", "2 days 7 h"].map((words) => words.replace(/(\d) /g, "$1\u00a0")),
  );
});

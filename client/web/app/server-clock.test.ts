import { expect, test } from "vitest";
import { ServerClock } from "./server-clock.ts";

const NOON = "2030-01-01T12:00:00.000Z";

test("runs on from what the server said, whatever this computer's clock says", () => {
  let monotonicMs = 5_000;
  const clock = new ServerClock(() => monotonicMs);
  clock.observe(NOON);
  monotonicMs += 90_000;
  expect(new Date(clock.nowMs()).toISOString()).toBe("2030-01-01T12:01:30.000Z");
});

test("believes the answer that was quickest on its way", () => {
  let monotonicMs = 0;
  const clock = new ServerClock(() => monotonicMs);
  clock.observe(NOON);
  monotonicMs = 3_000;
  clock.observe("2030-01-01T12:00:01.000Z");
  expect(new Date(clock.nowMs()).toISOString()).toBe("2030-01-01T12:00:03.000Z");
});

test("ignores a time that cannot be read", () => {
  const clock = new ServerClock(() => 0);
  clock.observe(NOON);
  clock.observe("soon");
  expect(new Date(clock.nowMs()).toISOString()).toBe(NOON);
});

test("follows a server whose clock was set back, after a few updates", () => {
  const clock = new ServerClock(() => 0);
  clock.observe(NOON);
  for (let update = 0; update < 8; update++) clock.observe("2030-01-01T11:59:00.000Z");
  expect(new Date(clock.nowMs()).toISOString()).toBe("2030-01-01T11:59:00.000Z");
});

test("until the server has sent its time, the date of any answer counts", () => {
  let monotonicMs = 0;
  const clock = new ServerClock(() => monotonicMs);
  clock.observeDate("Tue, 01 Jan 2030 12:00:00 GMT");
  clock.observeDate(null);
  monotonicMs = 2_000;
  expect(new Date(clock.nowMs()).toISOString()).toBe("2030-01-01T12:00:02.000Z");
  clock.observe("2030-01-01T12:00:02.700Z");
  clock.observeDate("Tue, 01 Jan 2030 12:00:02 GMT");
  expect(new Date(clock.nowMs()).toISOString()).toBe("2030-01-01T12:00:02.700Z");
});

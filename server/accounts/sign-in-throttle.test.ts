import { expect, it } from "vitest";
import { SignInThrottle } from "./sign-in-throttle.ts";

function throttleAt(failuresMax = 3) {
  const clock = { ms: 0 };
  const throttle = new SignInThrottle(failuresMax, () => clock.ms);
  const waitMs = () => {
    try {
      throttle.check("a@example.com");
      return 0;
    } catch (error) {
      return (error as { retryAfterMs: number }).retryAfterMs;
    }
  };
  return { clock, throttle, waitMs };
}

it("makes each wrong password beyond the first few wait twice as long", () => {
  const { clock, throttle, waitMs } = throttleAt();
  const waits = [];
  for (let failure = 0; failure < 6; failure++) {
    throttle.failed("a@example.com");
    waits.push(waitMs());
    clock.ms += waitMs();
    expect(waitMs()).toBe(0);
  }
  expect(waits).toEqual([0, 0, 1_000, 2_000, 4_000, 8_000]);
});

it("makes nobody wait for longer than 15 minutes, and forgets after that", () => {
  const { clock, throttle, waitMs } = throttleAt();
  for (let failure = 0; failure < 50; failure++) throttle.failed("a@example.com");
  expect(waitMs()).toBe(15 * 60_000);
  clock.ms = 15 * 60_000;
  throttle.failed("a@example.com");
  expect(waitMs()).toBe(0);
});

it("clears an account at the right password, and only that", () => {
  const { throttle, waitMs } = throttleAt();
  for (let failure = 0; failure < 3; failure++) throttle.failed("a@example.com");
  throttle.succeeded("b@example.com");
  expect(waitMs()).toBe(1_000);
  throttle.succeeded("a@example.com");
  expect(waitMs()).toBe(0);
});

it("holds no more accounts than failed lately", () => {
  const { clock, throttle } = throttleAt();
  for (let n = 0; n < 1_000; n++) throttle.failed(`n${n}@example.com`);
  clock.ms = 15 * 60_000;
  throttle.failed("a@example.com");
  expect(throttle.size).toBe(1);
});

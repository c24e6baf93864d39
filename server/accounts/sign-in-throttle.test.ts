import { expect, it } from "vitest";
import type { Fault } from "../../shared/faults.ts";
import { SignInThrottle, type SignInTry } from "./sign-in-throttle.ts";

const HERE = "192.0.2.1";
const ELSEWHERE = "198.51.100.1";

function throttleAt(failuresMax = 3) {
  const clock = { ms: 0 };
  const throttle = new SignInThrottle(failuresMax, () => clock.ms);
  /** The try, or how long to wait before it. */
  const enter = (source = HERE, email = "a@example.com", isKnown = false): SignInTry | number => {
    try {
      return throttle.enter({ email, source, isKnown });
    } catch (error) {
      return (error as Fault).retryAfterMs ?? Number.NaN;
    }
  };
  const waitMs = (source = HERE, email = "a@example.com", isKnown = false) => {
    const entered = enter(source, email, isKnown);
    if (typeof entered === "number") return entered;
    entered.undo();
    return 0;
  };
  return { clock, throttle, enter, waitMs };
}

it("makes each wrong password beyond the first few wait twice as long", () => {
  const { clock, enter, waitMs } = throttleAt();
  const waits = [];
  for (let failure = 0; failure < 6; failure++) {
    enter();
    waits.push(waitMs());
    clock.ms += waitMs();
    expect(waitMs()).toBe(0);
  }
  expect(waits).toEqual([0, 0, 1_000, 2_000, 4_000, 8_000]);
});

it("lets no more tries through at once than one after the other", () => {
  const { enter } = throttleAt(10);
  const entered = Array.from({ length: 150 }, () => enter());
  expect(entered.filter((each) => typeof each !== "number")).toHaveLength(10);
});

it("makes nobody wait for longer than 15 minutes, and forgets after that", () => {
  const { clock, enter, waitMs } = throttleAt();
  for (let failure = 0; failure < 13; failure++) {
    clock.ms += waitMs();
    enter();
  }
  expect(waitMs()).toBe(15 * 60_000);
  clock.ms += 15 * 60_000;
  enter();
  expect(waitMs()).toBe(0);
});

it("keeps nobody out who comes from elsewhere for longer than 30 seconds", () => {
  const { clock, enter, waitMs } = throttleAt();
  for (let failure = 0; failure < 13; failure++) {
    clock.ms += waitMs();
    enter();
  }
  expect(waitMs(ELSEWHERE)).toBe(30_000);
  clock.ms += 30_000;
  expect(waitMs(ELSEWHERE)).toBe(0);
  expect(waitMs()).toBeGreaterThan(14 * 60_000);
});

it("counts for an account what is tried from many networks", () => {
  const { enter, waitMs } = throttleAt();
  for (let n = 0; n < 3; n++) enter(`192.0.2.${n}`);
  expect(waitMs(ELSEWHERE)).toBe(1_000);
  expect(waitMs(ELSEWHERE, "b@example.com")).toBe(0);
});

it("never makes the owner wait where they signed in before, whatever is tried from elsewhere", () => {
  const { clock, enter, waitMs } = throttleAt();
  for (let round = 0; round < 50; round++) {
    for (let n = 0; n < 8; n++) enter(`192.0.2.${n}`);
    expect(waitMs("home", "a@example.com", true)).toBe(0);
    clock.ms += 30_000;
  }
});

it("slows down whoever guesses from where the owner signed in before, as from anywhere", () => {
  const { enter, waitMs } = throttleAt();
  for (let n = 0; n < 5; n++) enter("home", "a@example.com", true);
  expect(enter("home", "a@example.com", true)).toBe(1_000);
  // Another source that is known has nothing to do with it, and nor has the account elsewhere.
  expect(waitMs("phone", "a@example.com", true)).toBe(0);
  expect(waitMs(ELSEWHERE)).toBe(0);
});

it("gives nobody elsewhere new tries when the owner signs in from a known source", () => {
  const { enter, waitMs } = throttleAt();
  for (let n = 0; n < 3; n++) enter(`192.0.2.${n}`);
  const owner = enter("home", "a@example.com", true);
  if (typeof owner !== "number") owner.succeeded();
  expect(waitMs(ELSEWHERE)).toBe(1_000);
});

it("clears an account at the right password, and only that", () => {
  const { enter, waitMs } = throttleAt();
  const tries = [enter(), enter(), enter()];
  const other = enter(HERE, "b@example.com");
  if (typeof other !== "number") other.succeeded();
  expect(waitMs()).toBe(1_000);
  const [last] = tries;
  if (typeof last !== "number") last?.succeeded();
  expect(waitMs()).toBe(0);
  expect([enter(), enter(), waitMs()]).toEqual([expect.any(Object), expect.any(Object), 0]);
});

it("does not count a try whose password nobody looked at", () => {
  const { enter, waitMs } = throttleAt();
  for (let n = 0; n < 20; n++) {
    const entered = enter();
    if (typeof entered !== "number") entered.undo();
  }
  expect(waitMs()).toBe(0);
});

it("holds no more accounts than failed lately", () => {
  const { clock, throttle, enter } = throttleAt();
  for (let n = 0; n < 1_000; n++) enter(HERE, `n${n}@example.com`);
  clock.ms = 15 * 60_000;
  enter();
  // Once for the account, and once for the network with it.
  expect(throttle.size).toBe(2);
});

import { expect, it } from "vitest";
import { TokenBuckets } from "./token-buckets.ts";

function bucketsAt(rate: { perSecond: number; burst: number }, keysMax?: number) {
  const clock = { ms: 0 };
  const buckets = new TokenBuckets(rate, { now: () => clock.ms, ...(keysMax !== undefined && { keysMax }) });
  return { clock, buckets };
}

it("lets a burst through and then the steady rate", () => {
  const { clock, buckets } = bucketsAt({ perSecond: 20, burst: 40 });
  for (let call = 0; call < 40; call++) expect(buckets.take("a")).toBe(0);
  expect(buckets.take("a")).toBe(50);
  clock.ms = 49;
  expect(buckets.take("a")).toBeGreaterThan(0);
  clock.ms = 50;
  expect(buckets.take("a")).toBe(0);
  expect(buckets.take("a")).toBe(50);
});

it("keeps each key's tokens apart", () => {
  const { buckets } = bucketsAt({ perSecond: 1, burst: 1 });
  expect(buckets.take("a")).toBe(0);
  expect(buckets.take("b")).toBe(0);
  expect(buckets.take("a")).toBe(1000);
});

it("takes all tokens or none, and grants what is larger than the burst when the bucket is full", () => {
  const { clock, buckets } = bucketsAt({ perSecond: 10, burst: 10 });
  expect(buckets.take("a", 6)).toBe(0);
  expect(buckets.take("a", 6)).toBe(200);
  expect(buckets.take("a", 4)).toBe(0);
  clock.ms = 1_000;
  expect(buckets.take("a", 1_000)).toBe(0);
  expect(buckets.take("a")).toBe(100);
});

it("says when a token is there without taking it, and is charged for more than it holds", () => {
  const { clock, buckets } = bucketsAt({ perSecond: 1, burst: 2 });
  expect(buckets.waitMs("a")).toBe(0);
  buckets.charge("a");
  expect(buckets.waitMs("a")).toBe(0);
  buckets.charge("a");
  buckets.charge("a", 2);
  expect(buckets.waitMs("a")).toBe(3_000);
  clock.ms = 2_999;
  expect(buckets.waitMs("a")).toBe(1);
  clock.ms = 3_000;
  expect(buckets.waitMs("a")).toBe(0);
});

it("drops buckets that are full again", () => {
  const { clock, buckets } = bucketsAt({ perSecond: 10, burst: 10 });
  for (let key = 0; key < 1_000; key++) buckets.take(`key ${key}`);
  for (clock.ms = 1_000; clock.ms <= 2_000; clock.ms += 500) buckets.take("busy");
  expect(buckets.size).toBe(2);
});

it("never holds more keys than it may", () => {
  const { buckets } = bucketsAt({ perSecond: 1, burst: 10 }, 100);
  for (let key = 0; key < 10_000; key++) buckets.take(`key ${key}`);
  expect(buckets.size).toBeLessThanOrEqual(100);
});

it("does not forget a key that is in use, however many others come", () => {
  const { buckets } = bucketsAt({ perSecond: 1, burst: 1 }, 100);
  expect(buckets.take("busy")).toBe(0);
  for (let key = 0; key < 1_000; key++) {
    buckets.take(`key ${key}`);
    expect(buckets.take("busy")).toBe(1_000);
  }
});

it("says how long to wait to the millisecond, also where sums of fractions are not exact", () => {
  // 3388.36… + 1,000 + 1,000 − 3388.36… is a little more than 2,000.
  const buckets = new TokenBuckets({ perSecond: 1, burst: 2 }, { now: () => 3_388.3621538366438 });
  expect([buckets.take("a"), buckets.take("a"), buckets.take("a")]).toEqual([0, 0, 1_000]);
});

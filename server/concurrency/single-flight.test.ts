import { expect, it } from "vitest";
import { nextFlight, singleFlight } from "./single-flight.ts";

/** Work that ends when it is told to, and answers how often it was begun. */
function work() {
  const begun: PromiseWithResolvers<number>[] = [];
  const run = () => {
    begun.push(Promise.withResolvers<number>());
    return begun[begun.length - 1]?.promise ?? Promise.resolve(0);
  };
  return { begun, run, end: (number: number) => begun[number - 1]?.resolve(number) };
}

it("does the work once for all who ask while it is done, and again when its answer is no longer kept", async () => {
  const { run, begun, end } = work();
  let now = 0;
  const ask = singleFlight(run, { keptMs: (tookMs) => 10 * tookMs, now: () => now });
  const fifty = Array.from({ length: 50 }, () => ask());
  now = 5;
  end(1);
  expect(new Set(await Promise.all(fifty))).toEqual(new Set([1]));
  now = 54;
  expect(await ask()).toBe(1);
  now = 55;
  const again = [ask(), ask()];
  end(2);
  expect(await Promise.all(again)).toEqual([2, 2]);
  expect(begun).toHaveLength(2);
});

it("does not keep a failure", async () => {
  const { run, begun, end } = work();
  const ask = singleFlight(run, { keptMs: () => 1_000 });
  const failed = ask();
  begun[0]?.reject(new Error("no"));
  await expect(failed).rejects.toThrow("no");
  const next = ask();
  end(2);
  expect(await next).toBe(2);
});

it("shares answers among those of one key only", async () => {
  const [one, other] = [{}, {}];
  const ask = singleFlight(async (key: object) => key, { keyOf: (key) => key, keptMs: () => 1_000 });
  expect(await Promise.all([ask(one), ask(other), ask(one)])).toEqual([one, other, one]);
});

it("begins a run, one at a time, after everybody who shares it has asked", async () => {
  const { run, begun, end } = work();
  const ask = nextFlight(run);
  const first = [ask(), ask()];
  await Promise.resolve();
  expect(begun).toHaveLength(1);
  const second = [ask(), ask(), ask()];
  await Promise.resolve();
  expect(begun).toHaveLength(1);
  end(1);
  expect(await Promise.all(first)).toEqual([1, 1]);
  end(2);
  expect(await Promise.all(second)).toEqual([2, 2, 2]);
});

it("runs the next one after one that failed", async () => {
  const { run, begun, end } = work();
  const ask = nextFlight(run);
  const first = ask();
  await Promise.resolve();
  const second = ask();
  begun[0]?.reject(new Error("no"));
  await expect(first).rejects.toThrow("no");
  end(2);
  expect(await second).toBe(2);
});

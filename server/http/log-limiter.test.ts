import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { LogLimiter } from "./log-limiter.ts";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

it("has the first of a crowd logged, and then how many more there were, once an interval", () => {
  const said: [string, number][] = [];
  const limiter = new LogLimiter((code, count) => said.push([code, count]));
  const times = (count: number) => Array.from({ length: count }, () => limiter.admits("OVERLOADED"));
  expect(times(4)).toEqual([true, false, false, false]);
  expect(limiter.admits("UNAVAILABLE")).toBe(true);
  vi.advanceTimersByTime(10_000);
  expect(said).toEqual([["OVERLOADED", 3]]);
  expect(times(2)).toEqual([false, false]);
  vi.advanceTimersByTime(10_000);
  expect(said).toEqual([
    ["OVERLOADED", 3],
    ["OVERLOADED", 2],
  ]);
});

it("begins anew after an interval without any", () => {
  const say = vi.fn();
  const limiter = new LogLimiter(say);
  expect(limiter.admits("OVERLOADED")).toBe(true);
  vi.advanceTimersByTime(10_000);
  expect(say).not.toHaveBeenCalled();
  expect(vi.getTimerCount()).toBe(0);
  expect(limiter.admits("OVERLOADED")).toBe(true);
});

it("has the first of each source logged where it matters, as long as there are few", () => {
  const say = vi.fn();
  const limiter = new LogLimiter(say, 2);
  const logged = (...sources: string[]) => sources.filter((source) => limiter.admits("FORGED", source));
  expect(logged("a", "a", "a", "b", "c", "d")).toEqual(["a", "b"]);
  vi.advanceTimersByTime(10_000);
  expect(say).toHaveBeenLastCalledWith("FORGED", 4);
  // "a" goes on; the others begin.
  expect(logged("a", "c", "e", "f", "c")).toEqual(["c", "e"]);
  vi.advanceTimersByTime(10_000);
  expect(say).toHaveBeenLastCalledWith("FORGED", 3);
  expect(logged("b")).toEqual(["b"]);
});

import { afterEach, beforeEach, expect, it, vi } from "vitest";
import type { FaultCode } from "../../shared/faults.ts";
import { CrowdLog } from "./crowd-log.ts";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const OF_CROWDS: ReadonlySet<FaultCode> = new Set(["OVERLOADED", "UNAVAILABLE"]);

it("has the first of a crowd logged, and then how many more there were, once an interval", () => {
  const said: [string, number][] = [];
  const log = new CrowdLog((code, count) => said.push([code, count]), { ofCrowds: OF_CROWDS, intervalMs: 1_000 });
  const times = (count: number) => Array.from({ length: count }, () => log.isToBeLogged("OVERLOADED"));
  expect(times(4)).toEqual([true, false, false, false]);
  expect(log.isToBeLogged("UNAVAILABLE")).toBe(true);
  vi.advanceTimersByTime(1_000);
  expect(said).toEqual([["OVERLOADED", 3]]);
  expect(times(2)).toEqual([false, false]);
  vi.advanceTimersByTime(1_000);
  expect(said).toEqual([
    ["OVERLOADED", 3],
    ["OVERLOADED", 2],
  ]);
});

it("begins anew after an interval without any", () => {
  const say = vi.fn();
  const log = new CrowdLog(say, { ofCrowds: OF_CROWDS, intervalMs: 1_000 });
  expect(log.isToBeLogged("OVERLOADED")).toBe(true);
  vi.advanceTimersByTime(1_000);
  expect(say).not.toHaveBeenCalled();
  expect(vi.getTimerCount()).toBe(0);
  expect(log.isToBeLogged("OVERLOADED")).toBe(true);
});

it("has the first of each source logged where it matters, as long as there are few", () => {
  const say = vi.fn();
  const log = new CrowdLog(say, { intervalMs: 1_000, linesMax: 2 });
  const logged = (...sources: string[]) => sources.filter((source) => log.isToBeLogged("FORGED", source));
  expect(logged("a", "a", "a", "b", "c", "d")).toEqual(["a", "b"]);
  vi.advanceTimersByTime(1_000);
  expect(say).toHaveBeenLastCalledWith("FORGED", 4);
  // "a" goes on; the others begin.
  expect(logged("a", "c", "e", "f", "c")).toEqual(["c", "e"]);
  vi.advanceTimersByTime(1_000);
  expect(say).toHaveBeenLastCalledWith("FORGED", 3);
  expect(logged("b")).toEqual(["b"]);
});

it("has every failure logged that does not come in crowds", () => {
  const log = new CrowdLog<FaultCode>(() => {}, { ofCrowds: OF_CROWDS });
  for (let time = 0; time < 3; time++) {
    expect([log.isToBeLogged("INTERNAL"), log.isToBeLogged("OUTCOME_UNKNOWN")]).toEqual([true, true]);
  }
  expect(vi.getTimerCount()).toBe(0);
});

import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { Coalescer } from "./coalescer.ts";

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

function recorder() {
  const runs: string[][] = [];
  return { runs, work: async (keys: string[]) => void runs.push(keys) };
}

it("works at once on the first mark, and on what is marked in one go together", async () => {
  const { runs, work } = recorder();
  const coalescer = new Coalescer(work, { intervalMs: 100 });
  coalescer.mark("a");
  coalescer.mark("b");
  coalescer.mark("a");
  await vi.advanceTimersByTimeAsync(0);
  expect(runs).toEqual([["a", "b"]]);
});

it("works ten times a second at most, however often something is marked, and never misses the last mark", async () => {
  const { runs, work } = recorder();
  const coalescer = new Coalescer(work, { intervalMs: 100 });
  for (let ms = 0; ms < 999; ms++) {
    coalescer.mark("a");
    await vi.advanceTimersByTimeAsync(1);
  }
  expect(runs).toHaveLength(10);
  await vi.advanceTimersByTimeAsync(1_000);
  expect(runs).toHaveLength(11);
});

it("works at once again after a quiet interval", async () => {
  const { runs, work } = recorder();
  const coalescer = new Coalescer(work, { intervalMs: 100 });
  coalescer.mark("a");
  await vi.advanceTimersByTimeAsync(100);
  coalescer.mark("a");
  await vi.advanceTimersByTimeAsync(0);
  expect(runs).toEqual([["a"], ["a"]]);
});

it("never works twice at a time, and again on what is marked meanwhile", async () => {
  const gates = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
  const runs: string[][] = [];
  const coalescer = new Coalescer<string>(
    (keys) => {
      runs.push(keys);
      return gates[runs.length - 1]?.promise ?? Promise.resolve();
    },
    { intervalMs: 100 },
  );
  coalescer.mark("a");
  await vi.advanceTimersByTimeAsync(1_000);
  coalescer.mark("a");
  await vi.advanceTimersByTimeAsync(1_000);
  expect(runs).toEqual([["a"]]);
  gates[0]?.resolve();
  await vi.advanceTimersByTimeAsync(0);
  expect(runs).toEqual([["a"], ["a"]]);
  gates[1]?.resolve();
});

it("drops what is marked when it closes, and waits for the work under way", async () => {
  const gate = Promise.withResolvers<void>();
  const runs: string[][] = [];
  const coalescer = new Coalescer<string>(
    (keys) => {
      runs.push(keys);
      return gate.promise;
    },
    { intervalMs: 100 },
  );
  coalescer.mark("a");
  await vi.advanceTimersByTimeAsync(0);
  coalescer.mark("b");
  let isClosed = false;
  const closing = coalescer.close().then(() => {
    isClosed = true;
  });
  await vi.advanceTimersByTimeAsync(1_000);
  expect(isClosed).toBe(false);
  gate.resolve();
  await closing;
  coalescer.mark("c");
  await vi.advanceTimersByTimeAsync(1_000);
  expect(runs).toEqual([["a"]]);
});

import { existsSync } from "node:fs";
import { expect, test } from "vitest";
import { parseStat, usageOf } from "./usage.ts";

test("a process's name may hold spaces and brackets", () => {
  const stat = "4711 (a) S 9 (b)) R 42 4711 4711 0 -1 4194560 1 2 3 4 50 20 5 25 20 0 1 0 100 1000000 2500 184467";
  expect(parseStat(stat)).toEqual([{ pid: 4711, parentPid: 42, cpuMs: 1_000 }]);
  expect(parseStat("")).toEqual([]);
});

test.runIf(existsSync("/proc/self/stat"))("knows its own process, and nothing of one that is not there", async () => {
  const usage = await usageOf(process.pid);
  expect(usage?.cpuMs).toBeGreaterThan(0);
  expect(usage?.memoryMb).toBeGreaterThan(10);
  expect(await usageOf(2 ** 31 - 1)).toBeUndefined();
});

import { cpus } from "node:os";
import type { RehearsalReport } from "../../../shared/rehearsals.ts";

/** Measures from now on. @returns what tells how busy this machine was since, and what this process took of it */
export function watchCpu(): () => RehearsalReport["cpu"] {
  const [before, own, startedAt] = [machineTimes(), process.cpuUsage(), performance.now()];
  return () => {
    const after = machineTimes();
    const { user, system } = process.cpuUsage(own);
    const passed = after.all - before.all;
    return {
      busyShare: passed > 0 ? 1 - (after.idle - before.idle) / passed : 0,
      shopCores: (user + system) / 1_000 / Math.max(1, performance.now() - startedAt),
    };
  };
}

function machineTimes(): { all: number; idle: number } {
  const times = cpus().map((core) => core.times);
  const all = times.reduce((sum, { user, nice, sys, idle, irq }) => sum + user + nice + sys + idle + irq, 0);
  return { all, idle: times.reduce((sum, { idle }) => sum + idle, 0) };
}

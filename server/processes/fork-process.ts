import { type ChildProcess, fork } from "node:child_process";
import { setPriority } from "node:os";
import { environmentSchema } from "../settings/environment.ts";

export function forkProcess(module: string): ChildProcess {
  return fork(module, {
    execArgv: argumentsOfChildren(),
    env: environmentOfChildren(),
  });
}

/** Node's own arguments. */
export function argumentsOfChildren(): string[] {
  return process.execArgv.filter((flag) => !flag.startsWith("--inspect"));
}

/** It is told what it needs to know. Each further copy of a secret is one that may be read: in /proc, or in a core dump. */
export function environmentOfChildren(): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(process.env).filter(([name]) => !(name in environmentSchema.shape)));
}

/** To the web process, when there is not enough processor for all: buyers wait for that. */
export function giveWay({ pid }: Pick<ChildProcess, "pid">): void {
  try {
    if (pid !== undefined) setPriority(pid, NICENESS);
  } catch {
    // Where it cannot be set, all processes share alike.
  }
}

/** Of 19: at a full machine it gets about a tenth of what a web process does. */
const NICENESS = 10;

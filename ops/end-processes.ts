import { type Dirent, readdirSync, readFileSync, readlinkSync } from "node:fs";
import { setTimeout as delay } from "node:timers/promises";

/**
 * Kills everything that works for a run, and returns when all of it is gone: what this process started and what that started,
 * what was given `folder` as its TMPDIR, and what works in it, as a PostgreSQL server does that has left its parent.
 * Only Linux shows all of that; elsewhere it is the process groups of `leaders`.
 */
export async function endProcesses({ folder, leaders }: { folder: string; leaders: Iterable<number> }): Promise<void> {
  if (process.platform !== "linux") {
    for (const pid of leaders) end(process.platform === "win32" ? pid : -pid);
    return;
  }
  for (let found = processesOf(folder); found.length > 0; found = processesOf(folder)) {
    for (const pid of found) end(pid);
    await delay(PAUSE_MS);
  }
}

const PAUSE_MS = 20;

/** Those that have ended and were not waited for do nothing any more. */
export function processesOf(folder: string): number[] {
  const pids = readdirSync("/proc", { withFileTypes: true }).map(({ name }: Dirent) => Number(name));
  const parents = new Map<number, number>();
  for (const pid of pids) {
    const { state, parent } = statusOf(pid);
    if (parent !== undefined && state !== "Z" && state !== "X") parents.set(pid, parent);
  }
  const isOurs = (pid: number | undefined): boolean =>
    pid !== undefined && pid > 1 && (pid === process.pid || isOurs(parents.get(pid)));
  return [...parents.keys()].filter(
    (pid) => pid !== process.pid && (isOurs(pid) || worksIn(folder, pid) || wasGiven(folder, pid)),
  );
}

function statusOf(pid: number): { state?: string; parent?: number } {
  const stat = read(() => readFileSync(`/proc/${pid}/stat`, "utf8"));
  // "pid (name) state parent …"; the name may hold anything.
  const [state, parent] = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  return state && parent ? { state, parent: Number(parent) } : {};
}

function worksIn(folder: string, pid: number): boolean {
  return `${read(() => readlinkSync(`/proc/${pid}/cwd`))}/`.startsWith(`${folder}/`);
}

function wasGiven(folder: string, pid: number): boolean {
  return read(() => readFileSync(`/proc/${pid}/environ`, "utf8"))
    .split("\0")
    .includes(`TMPDIR=${folder}`);
}

/** Processes come and go while one looks, and others' may not be looked at. */
function read(look: () => string): string {
  try {
    return look();
  } catch {
    return "";
  }
}

function end(pid: number): void {
  try {
    process.kill(pid, "SIGKILL");
  } catch {
    // It is gone already.
  }
}

import { readFileSync } from "node:fs";

/**
 * Calls back once when the process that started this one is gone. npm runs a script through a shell that does not pass
 * on the signal which ends it: `kill` sent to `npm start` would leave the server running with nobody to stop it.
 *
 * Under `node --watch` it is the watcher that is left behind, and this process ends it before it calls back. That needs
 * Linux; elsewhere the usual shells put the watcher in their own place, and npm's signal reaches it.
 */
export function whenOrphaned(callback: () => void): void {
  const parent = process.ppid;
  const watchersParent = isWatched() ? parentOf(parent) : undefined;
  const timer = setInterval(() => {
    if (process.ppid !== parent) {
      clearInterval(timer);
      callback();
    } else if (watchersParent !== undefined && parentOf(parent) !== watchersParent) {
      // It has nothing to finish, and on a milder signal it would send one of its own, or fail at closing its files.
      end(parent);
    }
  }, LOOK_INTERVAL_MS);
  timer.unref();
}

const LOOK_INTERVAL_MS = 250;

/** Node sets this for what it runs anew with every change. */
function isWatched(): boolean {
  return process.env.WATCH_REPORT_DEPENDENCIES !== undefined;
}

function end(pid: number): void {
  try {
    process.kill(pid, "SIGKILL");
  } catch {
    // It is gone already.
  }
}

/** Who started a process; undefined where the system does not tell. */
function parentOf(pid: number): number | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
    // "pid (name) state parent …"; the name may hold anything.
    return Number(stat.slice(stat.lastIndexOf(")") + 2).split(" ")[1]);
  } catch {
    return undefined;
  }
}

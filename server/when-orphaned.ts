/**
 * Calls back once when the process that started this one is gone. npm runs a script through a shell that does not pass
 * on the signal which ends it: `kill` sent to `npm start` would leave the server running with nobody to stop it.
 */
export function whenOrphaned(callback: () => void): void {
  const parent = process.ppid;
  const timer = setInterval(() => {
    if (process.ppid === parent) return;
    clearInterval(timer);
    callback();
  }, LOOK_INTERVAL_MS);
  timer.unref();
}

const LOOK_INTERVAL_MS = 250;

import { closeSync, openSync } from "node:fs";
import { DatabaseSync } from "node:sqlite";
import { setTimeout as delay } from "node:timers/promises";
import { EmbeddedError, fileErrorCode } from "./embedded-error.ts";

/**
 * A lock between processes that share a folder. SQLite is used for nothing but its file locks: the kernel holds them,
 * so a crash releases them, which no file with a process id in it can promise.
 */
export interface FolderLock {
  /** Safe to call twice. */
  release(): void;
}

const WAIT_BETWEEN_TRIES_MS = 20;

/** Waits until nobody else holds the lock in `file`; says so once through `onWait`. */
export async function takeLock(
  file: string,
  options: { deadlineMs: number; onWait?: () => void },
): Promise<FolderLock> {
  const deadline = Date.now() + options.deadlineMs;
  let waiting = false;
  for (;;) {
    const lock = tryLock(file, "exclusive");
    if (lock !== undefined) return lock;
    if (Date.now() > deadline) {
      throw new EmbeddedError(
        `Another start of the embedded database has held ${file} for ${Math.round(options.deadlineMs / 1000)} seconds: end that process and try again.`,
      );
    }
    if (!waiting) options.onWait?.();
    waiting = true;
    await delay(WAIT_BETWEEN_TRIES_MS);
  }
}

/** Any number may hold the lock "shared" at once, but only one "exclusive", and then nobody "shared". */
export function tryLock(file: string, kind: "shared" | "exclusive"): FolderLock | undefined {
  let connection: DatabaseSync;
  try {
    createClosedToOthers(file);
    connection = new DatabaseSync(file, { timeout: 0 });
  } catch (error) {
    throw cannotLock(file, error);
  }
  try {
    // A transaction that reads takes the shared lock, and nothing is ever written.
    if (kind === "exclusive") connection.exec("begin exclusive");
    else connection.exec("begin; select count(*) from sqlite_master");
    return { release: () => connection.isOpen && connection.close() };
  } catch (error) {
    connection.close();
    if (isBusy(error)) return undefined;
    throw cannotLock(file, error);
  }
}

/** Who can open the file can lock it too. An existing one is not opened: closing it would drop our locks on it. */
function createClosedToOthers(file: string): void {
  try {
    closeSync(openSync(file, "wx", 0o600));
  } catch (error) {
    if (fileErrorCode(error) !== "EEXIST") throw error;
  }
}

const SQLITE_BUSY = 5;

function isBusy(error: unknown): boolean {
  return error instanceof Error && "errcode" in error && error.errcode === SQLITE_BUSY;
}

function cannotLock(file: string, cause: unknown): EmbeddedError {
  return new EmbeddedError(
    `The embedded database cannot lock ${file}: set DATA_DIR to a folder that can be written, or DATABASE_URL to a PostgreSQL server.`,
    { cause },
  );
}

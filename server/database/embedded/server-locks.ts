import { closeSync, openSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { setTimeout as delay } from "node:timers/promises";
import { EmbeddedError, fileErrorCode } from "./embedded-error.ts";

/*
 * Two locks in DATA_DIR order what processes do with one server:
 *
 * - the start lock, exclusive: held while somebody looks for, makes, starts or stops the server;
 * - the use lock, shared by everybody who uses the server: who can take it exclusively is the last.
 *
 * SQLite is used for nothing but its file locks: the kernel holds them, so a crash releases them, which no file with a
 * process id in it can promise.
 */

export interface Lock {
  /** Safe to call twice. */
  release(): void;
}

/** Waits until nobody else holds the start lock; says so once through `onWait`. */
export async function takeStartLock(dataDir: string, onWait: () => void = () => {}): Promise<Lock> {
  const file = join(dataDir, "start.lock");
  const deadlineAt = performance.now() + WAIT_MS_MAX;
  for (let isTold = false; ; isTold = true) {
    const lock = tryLock(file, "exclusive");
    if (lock !== undefined) return lock;
    if (performance.now() > deadlineAt) {
      throw new EmbeddedError(
        `Another start of the embedded database has held ${file} for ${WAIT_MS_MAX / 1000} seconds: end that process and try again.`,
      );
    }
    if (!isTold) onWait();
    await delay(PAUSE_MS);
  }
}

const WAIT_MS_MAX = 120_000;
const PAUSE_MS = 20;

/** Takes a share of the use lock. Only under the start lock. */
export function beginUse(dataDir: string): Lock {
  const use = tryLock(join(dataDir, USE_LOCK), "shared");
  if (use === undefined) throw new Error("the use lock is exclusive outside the start lock");
  return use;
}

/** Whether anybody uses the server. Only under the start lock, else somebody may begin to in this moment. */
export function isUsed(dataDir: string): boolean {
  const alone = tryLock(join(dataDir, USE_LOCK), "exclusive");
  alone?.release();
  return alone === undefined;
}

const USE_LOCK = "use.lock";

/** Any number may hold the lock "shared" at once, but only one "exclusive", and then nobody "shared". */
function tryLock(file: string, kind: "shared" | "exclusive"): Lock | undefined {
  let connection: DatabaseSync | undefined;
  try {
    createClosedToOthers(file);
    connection = new DatabaseSync(file, { timeout: 0 });
    const held = connection;
    // A transaction that reads takes the shared lock, and nothing is ever written.
    held.exec(kind === "exclusive" ? "begin exclusive" : "begin; select count(*) from sqlite_master");
    return { release: () => held.isOpen && held.close() };
  } catch (cause) {
    connection?.close();
    if (cause instanceof Error && "errcode" in cause && cause.errcode === SQLITE_BUSY) return undefined;
    throw new EmbeddedError(
      `The embedded database cannot lock ${file}: set DATA_DIR to a folder that can be written, or DATABASE_URL to a PostgreSQL server.`,
      { cause },
    );
  }
}

const SQLITE_BUSY = 5;

/** Who can open the file can lock it too. An existing one is not opened: closing it would drop our locks on it. */
function createClosedToOthers(file: string): void {
  try {
    closeSync(openSync(file, "wx", 0o600));
  } catch (error) {
    if (fileErrorCode(error) !== "EEXIST") throw error;
  }
}

import { join } from "node:path";
import { type FolderLock, takeLock, tryLock } from "./folder-lock.ts";
import { type Cluster, stopPostmaster } from "./run-postmaster.ts";

/*
 * Two locks in DATA_DIR order what processes do with one server:
 *
 * - the start lock, exclusive: held while somebody looks for, makes, starts or stops the server;
 * - the use lock, shared by everybody who uses the server: who can take it exclusively is the last.
 */

export interface EmbeddedServer {
  /** postgres:// URL of the shop's database, as the superuser; the host is 127.0.0.1. */
  readonly url: string;
  readonly port: number;
  readonly dataDirectory: string;
  /** Whether this call started the server or took over one that ran. */
  readonly origin: "started" | "adopted";
  /** Ends our use of it, and stops it unless another process uses it. Safe to call twice. */
  release(): Promise<"stopped" | "left running">;
}

/** Ends a use of the server, under the start lock, so that a start in the same moment sees it either whole or gone. */
export async function endUse(use: FolderLock, cluster: Cluster, dataDir: string): Promise<"stopped" | "left running"> {
  const startLock = await takeStartLock(dataDir);
  try {
    use.release();
    if (isUsed(dataDir)) return "left running";
    await stopPostmaster(cluster);
    return "stopped";
  } finally {
    startLock.release();
  }
}

/** Takes a share of the use lock. Only under the start lock. */
export function beginUse(dataDir: string): FolderLock {
  const use = tryLock(usersLockFile(dataDir), "shared");
  if (use === undefined) throw new Error("the users' lock is exclusive outside the start lock");
  return use;
}

/** Whether anybody uses the server. Only under the start lock, else somebody may begin to in this moment. */
export function isUsed(dataDir: string): boolean {
  const alone = tryLock(usersLockFile(dataDir), "exclusive");
  alone?.release();
  return alone === undefined;
}

const LOCK_DEADLINE_MS = 120_000;

export function takeStartLock(dataDir: string, onWait: () => void = () => {}): Promise<FolderLock> {
  return takeLock(join(dataDir, "start.lock"), { deadlineMs: LOCK_DEADLINE_MS, onWait });
}

function usersLockFile(dataDir: string): string {
  return join(dataDir, "use.lock");
}

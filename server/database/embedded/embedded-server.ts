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
  /** postgres:// URL of a superuser-owned database; the host is 127.0.0.1. */
  readonly url: string;
  readonly port: number;
  readonly dataDirectory: string;
  /** Whether this call started the server or took over one that ran. */
  readonly origin: "started" | "adopted";
  /** Stops the server, whoever uses it, and returns when it is down. Safe to call twice. */
  stop(): Promise<void>;
  /**
   * Ends our use of it: the last process to do so stops it. What a process should call that may share its server with
   * another `npm start` on the same DATA_DIR. Safe to call twice.
   */
  release(): Promise<"stopped" | "left running">;
}

/** What a start hands out. `use` is the caller's share of the use lock. */
export function serverHandle(options: {
  url: string;
  port: number;
  origin: "started" | "adopted";
  cluster: Cluster;
  dataDir: string;
  use: FolderLock;
}): EmbeddedServer {
  const { url, port, origin, cluster, dataDir, use } = options;

  // Under the start lock, so that a start in the same moment sees the server either whole or gone.
  async function underStartLock<T>(work: () => Promise<T>): Promise<T> {
    const lock = await takeStartLock(dataDir);
    try {
      return await work();
    } finally {
      lock.release();
    }
  }

  let released: Promise<"stopped" | "left running"> | undefined;
  let stopped: Promise<void> | undefined;

  function release(): Promise<"stopped" | "left running"> {
    released ??= underStartLock(async () => {
      use.release();
      const alone = tryLock(usersLockFile(dataDir), "exclusive");
      if (alone === undefined) return "left running";
      try {
        await stopPostmaster(cluster);
        return "stopped";
      } finally {
        alone.release();
      }
    });
    return released;
  }

  function stop(): Promise<void> {
    stopped ??= underStartLock(async () => {
      use.release();
      await stopPostmaster(cluster);
    });
    return stopped;
  }

  return { url, port, origin, dataDirectory: cluster.folder, stop, release };
}

const LOCK_DEADLINE_MS = 120_000;

export function takeStartLock(dataDir: string, onWait: () => void = () => {}): Promise<FolderLock> {
  return takeLock(join(dataDir, "start.lock"), { deadlineMs: LOCK_DEADLINE_MS, onWait });
}

export function usersLockFile(dataDir: string): string {
  return join(dataDir, "use.lock");
}

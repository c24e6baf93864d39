import { execFile } from "node:child_process";
import { readFileSync } from "node:fs";
import { readFile, readlink, realpath } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { fileErrorCode } from "./embedded-error.ts";

/**
 * What `postmaster.pid` in a cluster and the process it names say together.
 *
 *     none      no file: nothing runs
 *     gone      the process has ended without tidying up: the next server sees to the file
 *     reused    another program has that process id now: PostgreSQL would refuse to start
 *     running   a server of this cluster lives; `status` is what it says of itself
 */
export type PostmasterState =
  | { readonly kind: "none" }
  | { readonly kind: "gone"; readonly pid: number }
  | { readonly kind: "reused"; readonly pid: number }
  | {
      readonly kind: "running";
      readonly pid: number;
      readonly port: number;
      readonly status: "starting" | "ready" | "stopping";
    };

export async function readPostmaster(cluster: string): Promise<PostmasterState> {
  let lines: string[];
  try {
    lines = (await readFile(pidFile(cluster), "utf8")).split("\n");
  } catch (error) {
    if (fileErrorCode(error) === "ENOENT" || fileErrorCode(error) === "ENOTDIR") return { kind: "none" };
    throw error;
  }
  // Lines: process id, cluster, start time, port, socket folder, address, shared memory, status.
  const pid = Number(lines[0]);
  if (!Number.isInteger(pid) || pid <= 0) return { kind: "gone", pid: 0 };
  if (!isAlive(pid)) return { kind: "gone", pid };
  if (!(await isPostmaster(pid, cluster))) return isAlive(pid) ? { kind: "reused", pid } : { kind: "gone", pid };
  const word = lines[7]?.trim();
  const status = word === "ready" || word === "stopping" ? word : "starting";
  return { kind: "running", pid, port: Number(lines[3]), status };
}

export function pidFile(cluster: string): string {
  return join(cluster, "postmaster.pid");
}

/** Whether the process still runs. One that has ended but was not yet reaped by its parent does not. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
  } catch (error) {
    return fileErrorCode(error) === "EPERM";
  }
  if (process.platform !== "linux") return true;
  try {
    // "pid (name) state …", and the name may hold anything.
    return !/\) Z [^)]*$/.test(readFileSync(`/proc/${pid}/stat`, "utf8"));
  } catch {
    return false;
  }
}

/** A postmaster has its cluster as working directory, and names it on its command line. */
async function isPostmaster(pid: number, cluster: string): Promise<boolean> {
  if (process.platform === "linux") {
    try {
      return (await readlink(`/proc/${pid}/cwd`)) === (await realpath(cluster)) && (await isNamedPostgres(pid));
    } catch (error) {
      // Another user's process does not show its folder; it cannot be a server that we may use.
      if (["ENOENT", "ESRCH", "EACCES", "EPERM"].includes(fileErrorCode(error) ?? "")) return false;
      throw error;
    }
  }
  if (process.platform === "win32") {
    const list = await outputOf("tasklist", ["/FI", `PID eq ${pid}`, "/FO", "CSV", "/NH"]);
    return list.toLowerCase().includes("postgres.exe");
  }
  const command = await outputOf("ps", ["-o", "command=", "-p", String(pid)]);
  return command.includes("postgres") && command.includes(cluster);
}

async function isNamedPostgres(pid: number): Promise<boolean> {
  return (await readFile(`/proc/${pid}/comm`, "utf8")).trim() === "postgres";
}

async function outputOf(file: string, args: string[]): Promise<string> {
  try {
    return (await promisify(execFile)(file, args)).stdout;
  } catch {
    return "";
  }
}

import { spawn } from "node:child_process";
import type { ServiceUser } from "./service-user.ts";

export interface ProgramResult {
  /** Exit code; 128 plus nothing more exact when a signal ended it; -1 when it could not be started at all. */
  readonly code: number;
  /** Standard output and error together, in the order in which they came. */
  readonly output: string;
}

/**
 * Runs a program to its end as `user` (as ourselves when undefined) and returns how it ended; never rejects.
 *
 * The environment is nearly empty, because a PGDATA or PGPORT of the person's shell must not leak in, and the
 * working directory is the root, which every user can enter. `ownSession` keeps Ctrl-C in the terminal away from the
 * program and from all that it starts.
 */
export function runProgram(
  file: string,
  args: readonly string[],
  options: { user: ServiceUser | undefined; ownSession?: boolean; input?: string; env?: Record<string, string> },
): Promise<ProgramResult> {
  return new Promise((resolve) => {
    const child = spawn(file, args, {
      cwd: process.platform === "win32" ? undefined : "/",
      env: { ...inheritedEnvironment(), LC_ALL: "C", TZ: "UTC", ...options.env },
      stdio: ["pipe", "pipe", "pipe"],
      detached: options.ownSession === true,
      windowsHide: true,
      ...(options.user === undefined ? {} : { uid: options.user.uid, gid: options.user.gid }),
    });
    let output = "";
    child.stdout.on("data", (chunk: Buffer) => {
      output += chunk.toString();
    });
    child.stderr.on("data", (chunk: Buffer) => {
      output += chunk.toString();
    });
    // A program that ends without reading its input breaks the pipe; how it ended is what counts.
    child.stdin.on("error", () => {});
    child.stdin.end(options.input ?? "");
    child.once("error", (error) => resolve({ code: -1, output: error.message }));
    // What it said is complete at "close". On Windows a server that pg_ctl started holds the pipes open for as long as
    // it lives, so there the end of the program itself has to do.
    child.once("close", (code) => resolve({ code: code ?? 128, output: output.trim() }));
    child.once("exit", (code) => {
      setTimeout(() => resolve({ code: code ?? 128, output: output.trim() }), LAST_WORDS_MS).unref();
    });
  });
}

/** How long what a program said may take to arrive after its end, on a busy machine. */
const LAST_WORDS_MS = 2_000;

/** PATH for the shell that pg_ctl uses; on Windows also what a program needs to start at all. */
function inheritedEnvironment(): Record<string, string> {
  const names = ["PATH", "SystemRoot", "SYSTEMROOT", "TEMP", "TMP", "USERPROFILE", "LD_LIBRARY_PATH"];
  const kept: Record<string, string> = {};
  for (const name of names) {
    const value = process.env[name];
    if (value !== undefined) kept[name] = value;
  }
  return kept;
}

import { spawn } from "node:child_process";

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
  {
    user,
    ownSession = false,
  }: { user: { readonly uid: number; readonly gid: number } | undefined; ownSession?: boolean },
): Promise<ProgramResult> {
  return new Promise((resolve) => {
    const kept = KEPT_VARIABLES.map((name) => [name, process.env[name]]).filter(([, value]) => value !== undefined);
    const child = spawn(file, args, {
      cwd: process.platform === "win32" ? undefined : "/",
      env: { ...Object.fromEntries(kept), LC_ALL: "C", TZ: "UTC" },
      stdio: ["ignore", "pipe", "pipe"],
      detached: ownSession,
      windowsHide: true,
      ...(user && { uid: user.uid, gid: user.gid }),
    });
    let output = "";
    const onOutput = (chunk: Buffer) => {
      output += chunk.toString();
    };
    child.stdout.on("data", onOutput);
    child.stderr.on("data", onOutput);
    const onEnd = (code: number | null) => resolve({ code: code ?? 128, output: output.trim() });
    child.once("error", (error) => resolve({ code: -1, output: error.message }));
    // What it said is complete at "close". On Windows a server that pg_ctl started holds the pipes open for as long as
    // it lives, so there the end of the program itself has to do.
    child.once("close", onEnd);
    child.once("exit", (code) => setTimeout(onEnd, LAST_WORDS_MS, code).unref());
  });
}

/** How long what a program said may take to arrive after its end, on a busy machine. */
const LAST_WORDS_MS = 2_000;

/** PATH for the shell that pg_ctl uses; on Windows also what a program needs to start at all. */
const KEPT_VARIABLES = ["PATH", "SystemRoot", "SYSTEMROOT", "TEMP", "TMP", "USERPROFILE", "LD_LIBRARY_PATH"];

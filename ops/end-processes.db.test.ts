import { type ChildProcess, spawn } from "node:child_process";
import { chmod, mkdtemp, readdir, realpath, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { isAlive, readPostmaster } from "../server/database/embedded/postmaster-state.ts";
import { eventually } from "../server/testing/eventually.ts";
import { processesOf } from "./end-processes.ts";

let folder: string;

beforeEach(async () => {
  folder = await realpath(await mkdtemp(join(tmpdir(), "doorbuster-ended-")));
  // PostgreSQL does not run as root, so whoever it runs as must be able to pass through.
  await chmod(folder, 0o755);
});

afterEach(async () => {
  // Those of a test that failed.
  while (processesIn(folder).some((pid) => isAlive(pid) && process.kill(pid, "SIGKILL")));
  await rm(folder, { recursive: true, force: true, maxRetries: 5 });
});

// Only Linux shows which processes belong to a run.
it.runIf(process.platform === "linux").each([
  [
    "SIGINT",
    "from a terminal, which sends it to all in the foreground,",
    (pid: number) => process.kill(-pid, "SIGINT"),
  ],
  ["SIGTERM", "to npm, whose shell does not pass it on,", (pid: number) => process.kill(pid, "SIGTERM")],
])(
  "npm test leaves no process and no file when %s %s ends it, whatever its tests have started",
  async (_signal, _how, send) => {
    const npm = spawn("npm", ["test"], {
      env: { ...process.env, TMPDIR: folder },
      stdio: ["ignore", "pipe", "pipe"],
      detached: true,
    });
    let said = "";
    for (const stream of [npm.stdout, npm.stderr]) stream.on("data", (text: Buffer) => (said += text));
    await eventually("the tests' PostgreSQL runs", async () => {
      if (npm.exitCode !== null) throw new Error(`npm test ended: ${said}`);
      return isPostgresRunning();
    });
    send(npm.pid ?? 0);
    await closed(npm);
    // Types or lint may have been over by then.
    expect(said).toMatch(/\n\d passed, [1-9] failed\n/);
    expect(processesIn(folder)).toEqual([]);
    expect((await readdir(folder)).filter((name) => name.startsWith("doorbuster"))).toEqual([]);
  },
);

/** A cluster of the tests, wherever in the folder it is, that has a server by now. */
async function isPostgresRunning(): Promise<boolean> {
  for (const name of await readdir(folder, { recursive: true }).catch(() => [])) {
    if (!name.endsWith("postgres/postmaster.pid")) continue;
    const { kind } = await readPostmaster(join(folder, name, ".."));
    if (kind === "running") return true;
  }
  return false;
}

/** Those that are not this process's own. */
function processesIn(path: string): number[] {
  return processesOf(path).filter((pid) => !processesOf("/nowhere").includes(pid));
}

function closed(child: ChildProcess): Promise<void> {
  return new Promise((resolve) => child.once("close", () => resolve()));
}

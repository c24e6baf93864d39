import { spawn } from "node:child_process";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { expect, it } from "vitest";

const FIXTURE = join(import.meta.dirname, "when-orphaned.fixture.ts");

/** Runs the fixture as npm does: in a shell that waits for it. */
async function runInShell(flags: string) {
  const shell = spawn("sh", ["-c", `"${process.execPath}" ${flags} "${FIXTURE}"; true`], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  const lines = createInterface(shell.stdout);
  const pids = await new Promise<number[]>((resolve) =>
    lines.once("line", (line) => resolve(line.split(" ").map(Number))),
  );
  /** They all hold the pipe: it ends with the last of them. */
  const allGone = new Promise<void>((resolve) => lines.once("close", resolve));
  return { shell, pids, allGone };
}

it.each([
  ["a process", ""],
  ["a watcher and what it runs", "--watch"],
])("leaves nothing behind of %s whose shell is killed", async (_what, flags) => {
  if (flags !== "" && process.platform !== "linux") return;
  const { shell, pids, allGone } = await runInShell(flags);
  let leftBehind: number[] = [];
  const deadline = setTimeout(() => {
    leftBehind = pids;
    for (const pid of pids) process.kill(pid, "SIGKILL");
  }, GONE_WITHIN_MS);
  shell.kill("SIGKILL");
  await allGone;
  clearTimeout(deadline);
  expect(leftBehind).toEqual([]);
});

/** Only ends a test that would never end. */
const GONE_WITHIN_MS = 60_000;

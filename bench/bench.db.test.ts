import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { chmod, mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { eventually } from "../server/testing/eventually.ts";
import { usageOf } from "./stage/usage.ts";

/*
 * The bench itself, in its shortest form: that a figure comes to a result, and that nothing is left of it. How fast
 * anything was is not looked at.
 */

/** It starts a database and servers of its own beside those of the other tests. */
const DEADLINE_MS = 180_000;

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "bench-test-"));
  // The database's own user must be able to pass through.
  await chmod(folder, 0o755);
});

afterEach(async () => {
  await rm(folder, { recursive: true, force: true });
});

test(
  "a figure is measured in turn with its peer, reconciled, judged and written down",
  async () => {
    const json = join(folder, "figures.json");
    const { child, said } = startBench("--only", "P6", "--rounds", "2", "--seconds", "1", "--json", json);
    const [code] = await once(child, "exit");
    expect(said(), said()).toMatch(/fsync on, full_page_writes on, synchronous_commit on/);
    expect(code).toBe(0);
    const { machine, results } = JSON.parse(await readFile(json, "utf8"));
    expect(machine.fsyncMs).toBeGreaterThan(0);
    expect(results).toMatchObject([
      {
        id: "P6",
        state: "measured",
        subject: { name: "sold out", rounds: [expect.any(Number), expect.any(Number)] },
        peers: [{ name: "hot item", rounds: [expect.any(Number), expect.any(Number)] }],
        verdicts: [{ target: { against: "hot item", atLeast: 1.2 }, reached: expect.any(Number) }],
      },
    ]);
    expect(await readdir(folder)).toEqual(["figures.json"]);
  },
  DEADLINE_MS,
);

test(
  "a signal in the middle leaves no process and no file behind",
  async () => {
    const { child, said } = startBench("--only", "P6", "--rounds", "20");
    await eventually("the figure is under way", () => said().includes("P6:"), DEADLINE_MS);
    const pids = await eventually("its processes run", () => readPids(child.pid ?? 0), DEADLINE_MS);
    child.kill("SIGINT");
    const [code] = await once(child, "exit");
    expect(code).toBe(130);
    expect(await readdir(folder)).toEqual([]);
    for (const pid of pids) expect(await usageOf(pid)).toBeUndefined();
  },
  DEADLINE_MS,
);

function startBench(...args: string[]): { child: ChildProcess; said: () => string } {
  const child = spawn(process.execPath, [join(import.meta.dirname, "main.ts"), ...args], {
    env: { PATH: process.env.PATH, TMPDIR: folder },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let text = "";
  for (const stream of [child.stdout, child.stderr]) stream?.on("data", (chunk) => (text += chunk));
  return { child, said: () => text };
}

/** It and its children, once there are two; none where there is no /proc to look into. */
async function readPids(pid: number): Promise<number[] | undefined> {
  if (!existsSync("/proc/self")) return [];
  const children = await readFile(`/proc/${pid}/task/${pid}/children`, "utf8");
  const pids = [pid, ...children.split(" ").filter(Boolean).map(Number)];
  return pids.length > 2 ? pids : undefined;
}

import { type ChildProcess, spawn } from "node:child_process";
import { cp, rm, symlink } from "node:fs/promises";
import { join } from "node:path";
import { choosePort } from "../../server/database/embedded/choose-port.ts";
import { eventually } from "../../server/testing/eventually.ts";
import type { Figure, Sample } from "../figure.ts";
import { usageOf } from "../stage/usage.ts";
import type { Stage } from "../stage.ts";

/**
 * P15: the real `npm start` in a copy of the project, on an embedded database of its own, from the command to the first
 * time that /health/ready answers 200. The first start of each round finds nothing: it makes the database, builds the
 * page and fills the shop. What is judged is the second, which finds all of that.
 */
export const start: Figure = {
  id: "P15",
  what: "second npm start → ready",
  unit: "s",
  roundsMax: 3,
  targets: [{ atMost: 4 }],
  async prepare(stage) {
    const project = await copyProject(stage);
    return { subject: { name: "npm start", round: () => measure(stage, project) } };
  },
};

async function measure(stage: Stage, project: string): Promise<Sample> {
  const dataDir = await stage.makeFolder();
  await rm(join(project, "dist"), { recursive: true, force: true });
  const first = await startAndStop(stage, { project, dataDir });
  const second = await startAndStop(stage, { project, dataDir });
  return {
    value: second.readyMs / 1_000,
    details: {
      "first start s": first.readyMs / 1_000,
      ...(first.cpuMs !== undefined && { "first start CPU s": first.cpuMs / 1_000 }),
      ...(second.cpuMs !== undefined && { "second start CPU s": second.cpuMs / 1_000 }),
    },
  };
}

/** What `npm start` needs, and nothing that was built. Packages are not copied: they are what `npm ci` made. */
async function copyProject(stage: Stage): Promise<string> {
  const project = await stage.makeFolder();
  for (const name of STARTED) await cp(join(ROOT, name), join(project, name), { recursive: true });
  await symlink(join(ROOT, "node_modules"), join(project, "node_modules"));
  return project;
}

const ROOT = join(import.meta.dirname, "../..");

const STARTED = [
  "client",
  "drizzle",
  "ops",
  "server",
  "shared",
  "package.json",
  "package-lock.json",
  "tsconfig.json",
  "vite.config.ts",
];

async function startAndStop(stage: Stage, { project, dataDir }: { project: string; dataDir: string }) {
  const port = await choosePort(undefined);
  const startedAt = performance.now();
  const { PATH = "", HOME = "" } = process.env;
  const npm = spawn("npm", ["start"], {
    cwd: project,
    env: { PATH, HOME, HOST: "127.0.0.1", PORT: String(port), DATA_DIR: dataDir },
    stdio: ["ignore", "ignore", "pipe"],
    // A group of its own: Ctrl+C ends the bench, which then ends this.
    detached: true,
  });
  const stop = groupEnder(npm);
  stage.onEnd(stop);
  let complaint = "";
  npm.stderr.on("data", (text: Buffer) => {
    complaint += text;
  });
  await eventually("npm start is ready", () => isReady(npm, port, complaint), READY_MS_MAX);
  const readyMs = performance.now() - startedAt;
  const usage = await usageOf(npm.pid ?? 0);
  await stop();
  return { readyMs, cpuMs: usage?.cpuMs };
}

async function isReady(npm: ChildProcess, port: number, complaint: string): Promise<boolean> {
  if (npm.exitCode !== null) throw new Error(`npm start ended with ${npm.exitCode}: ${complaint}`);
  return fetch(`http://127.0.0.1:${port}/health/ready`).then(
    ({ ok }) => ok,
    () => false,
  );
}

/** A first start makes a database and builds the page. */
const READY_MS_MAX = 120_000;

/**
 * Ends npm and what it started, and waits until all of it is gone; the shop stops its database before it ends. Safe to
 * call twice.
 */
function groupEnder({ pid }: ChildProcess): () => Promise<void> {
  let ended: Promise<unknown> | undefined;
  return async () => {
    if (pid === undefined) return;
    if (!ended && isThere(pid)) process.kill(-pid, "SIGTERM");
    ended ??= eventually("npm start has ended", () => !isThere(pid), STOP_MS_MAX);
    await ended;
  };
}

/** Whether anything of this group is left. */
function isThere(groupId: number): boolean {
  try {
    process.kill(-groupId, 0);
    return true;
  } catch {
    return false;
  }
}

const STOP_MS_MAX = 20_000;

import { spawn } from "node:child_process";
import { chmod, mkdtemp, readFile, realpath, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ensureChromium } from "../e2e/chromium.ts";
import { whenOrphaned } from "../server/processes/when-orphaned.ts";
import { type Counts, countOne, countPlaywright, countVitest, sum, summaryLine } from "./counts.ts";
import { endProcesses } from "./end-processes.ts";

/*
 * `npm test`: types and lint beside unit and integration tests, then browser tests; with --fast, which `npm run verify` gives,
 * what needs neither a database nor a browser. Every step runs even if an earlier one failed, and the last line sums
 * up: "N passed, N failed". Types and lint are one check each.
 *
 * All that a run leaves in the temporary folder is in one of its own, and whatever still runs at its end is ended, also when
 * a signal ends it.
 */

const ROOT = join(import.meta.dirname, "..");
const isFast = process.argv.includes("--fast");

interface Step {
  readonly title: string;
  run(folder: string): Promise<Counts>;
}

/** Those of a group run beside each other; one that is quiet shows its output when it is over. */
const STEPS: readonly (readonly Step[])[] = [
  [
    { title: "Types", run: (folder) => checkQuietly("Types", "typescript/bin/tsc", [], folder) },
    { title: "Lint", run: (folder) => checkQuietly("Lint", "@biomejs/biome/bin/biome", ["ci", "."], folder) },
    {
      title: isFast ? "Unit tests" : "Unit and integration tests",
      run: async (folder) => {
        const report = join(folder, "vitest.json");
        const selected = isFast ? ["--project", "unit"] : [];
        const reporters = ["--reporter=default", "--reporter=json", `--outputFile.json=${report}`];
        const { code } = await runTool("vitest/vitest.mjs", ["run", ...selected, ...reporters], { folder });
        return countVitest(await readReport(report), code);
      },
    },
  ],
  isFast ? [] : [{ title: "Browser tests", run: browserTests }],
];

async function main(): Promise<void> {
  const folder = await makeFolder();
  endWithSignals(folder);
  const results: Counts[] = [];
  try {
    for (const steps of STEPS) {
      if (steps.length > 0) say(`\n── ${steps.map(({ title }) => title).join(", ")} ──`);
      results.push(...(await Promise.all(steps.map((step) => (interrupted ? countOne(1) : step.run(folder))))));
    }
  } finally {
    await endProcesses({ folder, leaders });
    await rm(folder, { recursive: true, force: true, maxRetries: 5 });
  }
  const total = sum(results);
  if (total.failed > 0) process.exitCode = 1;
  say(`\n${summaryLine(total)}`);
}

async function checkQuietly(title: string, program: string, args: readonly string[], folder: string): Promise<Counts> {
  const { code, output } = await runTool(program, args, { folder, isQuiet: true });
  say(`\n── ${title}: ${code === 0 ? "passed" : "failed"} ──\n${output}`);
  return countOne(code);
}

async function browserTests(folder: string): Promise<Counts> {
  let chromiumPath: string;
  try {
    chromiumPath = await ensureChromium((sentence) => say(`${sentence} …`));
  } catch (error) {
    say(error instanceof Error ? error.message : String(error));
    return countOne(1);
  }
  const report = join(folder, "playwright.json");
  const { code } = await runTool("@playwright/test/cli.js", ["test", "--reporter=list,json"], {
    folder,
    env: { CHROMIUM_PATH: chromiumPath, PLAYWRIGHT_JSON_OUTPUT_FILE: report },
  });
  return countPlaywright(await readReport(report), code);
}

/** Tests work as several users, who all may have files in it, as in the system's own. */
async function makeFolder(): Promise<string> {
  const folder = await realpath(await mkdtemp(join(tmpdir(), "doorbuster-run-")));
  await chmod(folder, 0o1777);
  return folder;
}

let interrupted = false;

function endWithSignals(folder: string): void {
  const onSignal = () => {
    interrupted = true;
    void endProcesses({ folder, leaders });
  };
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(signal, onSignal);
  if (process.env.npm_lifecycle_event) whenOrphaned(onSignal);
}

/** The tools that run now, each the first of a process group. */
const leaders = new Set<number>();

/** Runs an installed package's program, with its output shown as it comes or kept. One that a signal ended has failed. */
function runTool(
  program: string,
  args: readonly string[],
  { folder, env, isQuiet = false }: { folder: string; env?: Record<string, string>; isQuiet?: boolean },
): Promise<{ code: number; output: string }> {
  return new Promise((resolve) => {
    const child = spawn(process.execPath, [join(ROOT, "node_modules", program), ...args], {
      cwd: ROOT,
      stdio: isQuiet ? ["ignore", "pipe", "pipe"] : ["ignore", "inherit", "inherit"],
      env: { ...process.env, TMPDIR: folder, ...env },
      // Ctrl+C in a terminal is for this process, which then ends all of them.
      detached: true,
    });
    let output = "";
    for (const stream of [child.stdout, child.stderr]) stream?.on("data", (text: Buffer) => (output += text));
    const { pid } = child;
    if (pid !== undefined) leaders.add(pid);
    child.once("error", (error) => resolve({ code: 1, output: error.message }));
    child.once("close", (code) => {
      if (pid !== undefined) leaders.delete(pid);
      resolve({ code: code ?? 1, output });
    });
  });
}

async function readReport(file: string): Promise<unknown> {
  try {
    return JSON.parse(await readFile(file, "utf8"));
  } catch {
    return undefined;
  }
}

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}

await main();

import { type ChildProcess, spawn } from "node:child_process";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ensureChromium } from "../e2e/chromium.ts";
import { type Counts, countOne, countPlaywright, countVitest, sum, summaryLine } from "./counts.ts";

/*
 * `npm test`: types, lint, unit and integration tests, browser tests; with --fast, which `npm run verify` gives, what
 * needs neither a database nor a browser. Every step runs even if an earlier one failed, and the last line sums up:
 * "N passed, N failed". Types and lint are one check each.
 */

const ROOT = join(import.meta.dirname, "..");
const isFast = process.argv.includes("--fast");

interface Step {
  readonly title: string;
  run(reports: string): Promise<Counts>;
}

const STEPS: readonly Step[] = [
  { title: "Types", run: async () => countOne(await runTool("typescript/bin/tsc", [])) },
  { title: "Lint", run: async () => countOne(await runTool("@biomejs/biome/bin/biome", ["ci", "."])) },
  {
    title: isFast ? "Unit tests" : "Unit and integration tests",
    run: async (reports) => {
      const report = join(reports, "vitest.json");
      const selected = isFast ? ["--project", "unit"] : [];
      const reporters = ["--reporter=default", "--reporter=json", `--outputFile.json=${report}`];
      const exitCode = await runTool("vitest/vitest.mjs", ["run", ...selected, ...reporters]);
      return countVitest(await readReport(report), exitCode);
    },
  },
  ...(isFast ? [] : [{ title: "Browser tests", run: browserTests }]),
];

async function main(): Promise<void> {
  const reports = await mkdtemp(join(tmpdir(), "test-reports-"));
  const results: Counts[] = [];
  try {
    for (const step of STEPS) {
      say(`\n── ${step.title} ──`);
      results.push(interrupted ? countOne(1) : await step.run(reports));
    }
  } finally {
    await rm(reports, { recursive: true, force: true });
  }
  const total = sum(results);
  if (total.failed > 0) process.exitCode = 1;
  say(`\n${summaryLine(total)}`);
}

async function browserTests(reports: string): Promise<Counts> {
  let chromiumPath: string;
  try {
    chromiumPath = await ensureChromium((sentence) => say(`${sentence} …`));
  } catch (error) {
    say(error instanceof Error ? error.message : String(error));
    return countOne(1);
  }
  const report = join(reports, "playwright.json");
  const exitCode = await runTool("@playwright/test/cli.js", ["test", "--reporter=list,json"], {
    CHROMIUM_PATH: chromiumPath,
    PLAYWRIGHT_JSON_OUTPUT_FILE: report,
  });
  return countPlaywright(await readReport(report), exitCode);
}

let running: ChildProcess | undefined;
let interrupted = false;

for (const signal of ["SIGINT", "SIGTERM"] as const) {
  process.on(signal, () => {
    interrupted = true;
    running?.kill(signal);
  });
}

/** Runs an installed package's program with its output shown as it comes. One that a signal ended has failed. */
function runTool(program: string, args: readonly string[], env: Record<string, string> = {}): Promise<number> {
  return new Promise((resolve) => {
    const child = spawn(process.execPath, [join(ROOT, "node_modules", program), ...args], {
      cwd: ROOT,
      stdio: "inherit",
      env: { ...process.env, ...env },
    });
    running = child;
    child.once("error", (error) => {
      say(error.message);
      resolve(1);
    });
    child.once("exit", (code) => resolve(code ?? 1));
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

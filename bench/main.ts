import { writeFile } from "node:fs/promises";
import { whenOrphaned } from "../server/processes/when-orphaned.ts";
import { against } from "./against/against.ts";
import { checkOut } from "./against/check-out.ts";
import { ArgumentError, type BenchArguments, parseArguments, USAGE } from "./arguments.ts";
import type { Figure } from "./figure.ts";
import { FIGURES } from "./figures.ts";
import { type OpenStage, openStage } from "./open-stage.ts";
import { machineText, readMachine } from "./report/machine.ts";
import { remarks, table } from "./report/table.ts";
import type { FigureResult } from "./result.ts";
import { runFigure } from "./run-figure.ts";

/** `npm run bench`: measures the figures, prints them beside their targets, and leaves nothing behind. */
async function main(): Promise<void> {
  const options = parseArguments(
    process.argv.slice(2),
    FIGURES.map(({ id }) => id),
  );
  if (options.help) return print(USAGE);
  const { roundMs, storedAttempts } = options;
  const opening = openStage({ roundMs, warmUpMs: WARM_UP_MS, storedAttempts, say });
  interruptWith(async () => (await opening).close());
  const stage = await opening;
  try {
    await run(stage, options);
  } finally {
    await stage.close();
  }
}

/** Long enough for a server's code to be compiled. */
const WARM_UP_MS = 3_000;

/** Returns early when everything is being taken away. */
async function run(stage: OpenStage, options: BenchArguments): Promise<void> {
  if (stage.isClosing) return;
  const machine = readMachine(stage.facts, stage.dataDirectory);
  say(machineText(machine));
  const figures = await figuresOf(stage, options);
  const results: FigureResult[] = [];
  for (const figure of figures) {
    if (options.only ? !options.only.includes(figure.id) : figure.isOnDemand) continue;
    const { id, what, unit } = figure;
    if (performance.now() > options.minutes * 60_000) {
      const reason = `${options.minutes} minutes are over (--minutes)`;
      results.push({ id, what, unit, state: "skipped", reason });
      continue;
    }
    say(`${id}: ${what} …`);
    results.push(await runFigure(figure, { stage: stage.forFigure(), rounds: options.rounds }));
    if (stage.isClosing) return;
  }
  print(`${machineText(machine)}\n\n${table(results)}\n\n${remarks(results)}\n`);
  if (options.jsonFile !== undefined)
    await writeFile(options.jsonFile, `${JSON.stringify({ machine, results }, undefined, 2)}\n`);
  if (results.some(({ state }) => state === "crashed" || state === "not reconciled")) process.exitCode = 1;
}

/** The figures, each beside its peers or, where one was asked for, beside another version of this repository. */
async function figuresOf(stage: OpenStage, { against: name }: BenchArguments): Promise<readonly Figure[]> {
  if (name === undefined) return FIGURES;
  const { makeFolder, onEnd } = stage.forFigure();
  const ending = new AbortController();
  onEnd(async () => ending.abort());
  say(`Installing ${name} …`);
  const folder = await makeFolder();
  await checkOut(name, { folder, signal: ending.signal });
  return FIGURES.map((figure) => against({ name, folder }, figure));
}

/** The first signal takes everything away; a second one that comes later ends the process at once. */
function interruptWith(close: () => Promise<void>): void {
  let toldAtMs: number | undefined;
  const onSignal = async () => {
    if (toldAtMs !== undefined) {
      if (performance.now() - toldAtMs > SAME_SIGNAL_MS) process.exit(1);
      return;
    }
    toldAtMs = performance.now();
    say("Stopping: taking everything away …");
    await close().catch((error: unknown) => say(String(error)));
    process.exit(INTERRUPTED);
  };
  process.on("SIGINT", onSignal);
  process.on("SIGTERM", onSignal);
  if (process.env.npm_lifecycle_event) whenOrphaned(onSignal);
}

/** Ctrl+C reaches this process from the terminal and once more from npm. */
const SAME_SIGNAL_MS = 500;

const INTERRUPTED = 130;

/** Progress goes apart from the results. */
function say(line: string): void {
  process.stderr.write(`${line}\n`);
}

function print(text: string): void {
  process.stdout.write(text);
}

main().catch((error: unknown) => {
  say(
    error instanceof ArgumentError
      ? `${error.message}\n${USAGE}`
      : error instanceof Error
        ? `${error.stack}`
        : `${error}`,
  );
  process.exit(1);
});

import { createInterface } from "node:readline";
import { type StartOptions, startEmbedded } from "./start-embedded.ts";

/*
 * A process of its own around startEmbedded, for tests: takes the options as JSON in its first argument, tells what
 * happens as lines of JSON, and obeys the line "release". The end of its input ends it and nothing else.
 */

export type ChildReport =
  | { kind: "progress"; sentence: string }
  | { kind: "started"; url: string; port: number; dataDirectory: string; origin: string }
  | { kind: "released"; outcome: string }
  | { kind: "failed"; name: string; message: string };

function report(line: ChildReport): void {
  process.stdout.write(`${JSON.stringify(line)}\n`);
}

const options: StartOptions = JSON.parse(process.argv[2] ?? "{}");
try {
  const server = await startEmbedded({ ...options, onProgress: (sentence) => report({ kind: "progress", sentence }) });
  const { url, port, dataDirectory, origin } = server;
  report({ kind: "started", url, port, dataDirectory, origin });
  for await (const line of createInterface({ input: process.stdin })) {
    if (line === "release") report({ kind: "released", outcome: await server.release() });
  }
} catch (error) {
  if (!(error instanceof Error)) throw error;
  report({ kind: "failed", name: error.name, message: error.message });
  process.exitCode = 1;
}

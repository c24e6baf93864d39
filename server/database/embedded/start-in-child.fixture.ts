import { type StartOptions, startEmbedded } from "./start-embedded.ts";

/*
 * A process of its own around startEmbedded, for tests: takes the options as JSON in its first argument, sends what
 * happens, and ends its use of the server when it is sent "release". The end of whoever started it ends it and nothing else.
 */

export type ChildReport =
  | { kind: "progress"; sentence: string }
  | { kind: "started"; url: string; port: number; dataDirectory: string; origin: string }
  | { kind: "released"; outcome: string }
  | { kind: "failed"; name: string; message: string };

const report = (message: ChildReport) => process.send?.(message);

const options: StartOptions = JSON.parse(process.argv[2] ?? "{}");
try {
  const server = await startEmbedded({ ...options, onProgress: (sentence) => report({ kind: "progress", sentence }) });
  const { url, port, dataDirectory, origin } = server;
  process.on("message", async () => report({ kind: "released", outcome: await server.release() }));
  report({ kind: "started", url, port, dataDirectory, origin });
} catch (error) {
  if (!(error instanceof Error)) throw error;
  report({ kind: "failed", name: error.name, message: error.message });
  process.exitCode = 1;
}

import { execFile } from "node:child_process";
import { existsSync, readdirSync } from "node:fs";
import { availableParallelism } from "node:os";
import { delimiter, join } from "node:path";
import { promisify } from "node:util";

export interface PgbenchOptions {
  readonly pgbench: string;
  readonly url: string;
  readonly schema: string;
  /** A file beside this one. */
  readonly script: string;
  readonly clients: number;
  readonly ms: number;
  readonly variables: Readonly<Record<string, number>>;
  /** Ends it early. */
  readonly signal: AbortSignal;
}

/** Runs a script with prepared statements, and answers transactions a second. @throws when one of them failed */
export async function runPgbench(options: PgbenchOptions): Promise<number> {
  const { pgbench, url, schema, script, clients, ms, variables, signal } = options;
  const threads = Math.min(clients, availableParallelism());
  const args = [
    ...["--no-vacuum", "--protocol=prepared", `--client=${clients}`, `--jobs=${threads}`],
    ...[`--time=${Math.max(1, Math.round(ms / 1_000))}`, `--file=${join(import.meta.dirname, script)}`],
    ...Object.entries(variables).map(([name, value]) => `--define=${name}=${value}`),
    url,
  ];
  const env = { PATH: process.env.PATH ?? "", PGOPTIONS: `-c search_path=${schema}` };
  const { stdout } = await promisify(execFile)(pgbench, args, { env, signal });
  return transactionsPerSecond(stdout);
}

/** @throws when it is not what pgbench says after a run without failures */
export function transactionsPerSecond(output: string): number {
  const failed = /^number of failed transactions: (\d+)/m.exec(output)?.[1] ?? "0";
  // It names no rate when no client came to the end of one.
  const none = /^number of transactions actually processed: 0$/m.test(output);
  const tps = none ? "0" : /^tps = ([\d.]+) \(without initial connection time\)/m.exec(output)?.[1];
  if (tps === undefined || failed !== "0") throw new Error(`pgbench did not do its work: ${output.slice(-500)}`);
  return Number(tps);
}

/** The newest one that is installed: on the PATH, or where Debian keeps it. */
export function findPgbench(): string | undefined {
  const onPath = (process.env.PATH ?? "").split(delimiter).map((folder) => join(folder, "pgbench"));
  const versions = existsSync(DEBIAN_FOLDER) ? readdirSync(DEBIAN_FOLDER).sort((a, b) => Number(b) - Number(a)) : [];
  const packaged = versions.map((version) => join(DEBIAN_FOLDER, version, "bin", "pgbench"));
  return [...packaged, ...onPath].find((file) => existsSync(file));
}

const DEBIAN_FOLDER = "/usr/lib/postgresql";

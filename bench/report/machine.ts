import { execFileSync } from "node:child_process";
import { closeSync, fdatasyncSync, fsyncSync, openSync, rmSync, writeSync } from "node:fs";
import { cpus, totalmem } from "node:os";
import { join } from "node:path";
import type { DatabaseFacts } from "../open-stage.ts";
import { findPgbench } from "../peers/pgbench/run-pgbench.ts";
import { median } from "./statistics.ts";

/** What the figures were made on; without it they say nothing. */
export interface Machine {
  readonly cores: number;
  readonly cpu: string;
  readonly memoryGb: number;
  readonly node: string;
  readonly postgres: string;
  readonly settings: Readonly<Record<string, string>>;
  /** Versions of the programs that peers are made of, as far as they are installed. */
  readonly peers: readonly string[];
  /** The median time to have 8 kB on disk, where the database's files are. */
  readonly fsyncMs: number;
}

export function readMachine(facts: DatabaseFacts, dataDirectory: string): Machine {
  const cores = cpus();
  return {
    cores: cores.length,
    cpu: cores[0]?.model.trim() ?? "unknown",
    memoryGb: Math.round(totalmem() / 1_000_000_000),
    node: process.version,
    postgres: facts.version,
    settings: facts.settings,
    peers: [...version("Redis", "redis-server"), ...version("pgbench", findPgbench() ?? "pgbench")],
    fsyncMs: measureFsync(dataDirectory),
  };
}

export function machineText(machine: Machine): string {
  const settings = Object.entries(machine.settings).map(([name, value]) => `${name} ${value}`);
  return [
    `${machine.cores} cores (${machine.cpu}), ${machine.memoryGb} GB; ${[`Node ${machine.node}`, `PostgreSQL ${machine.postgres}`, ...machine.peers].join(", ")}`,
    `${settings.join(", ")}; fdatasync of 8 kB: ${machine.fsyncMs.toFixed(3)} ms`,
  ].join("\n");
}

function version(name: string, program: string): string[] {
  try {
    const text = execFileSync(program, ["--version"], { encoding: "utf8", stdio: ["ignore", "pipe", "ignore"] });
    return [`${name} ${/\d+(\.\d+)+/.exec(text)?.[0] ?? ""}`];
  } catch {
    return [];
  }
}

/** Writes over what is there already, as PostgreSQL does in its log. */
function measureFsync(folder: string): number {
  const file = join(folder, "bench-fsync");
  const handle = openSync(file, "w");
  try {
    const block = Buffer.alloc(BLOCK_BYTES, 1);
    for (let at = 0; at < FSYNC_WRITES; at++) writeSync(handle, block, 0, BLOCK_BYTES, at * BLOCK_BYTES);
    fsyncSync(handle);
    const times = Array.from({ length: FSYNC_WRITES }, (_, at) => {
      const startedAt = performance.now();
      writeSync(handle, block, 0, BLOCK_BYTES, at * BLOCK_BYTES);
      fdatasyncSync(handle);
      return performance.now() - startedAt;
    });
    return median(times);
  } finally {
    closeSync(handle);
    rmSync(file);
  }
}

const BLOCK_BYTES = 8_192;
const FSYNC_WRITES = 500;

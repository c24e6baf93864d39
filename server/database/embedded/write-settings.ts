import { rename, writeFile } from "node:fs/promises";
import { totalmem } from "node:os";
import { join } from "node:path";
import { giveTo, type ServiceUser } from "./service-user.ts";

/**
 * Durability (fsync, full_page_writes, synchronous_commit) stays at PostgreSQL's defaults: on. What follows is what
 * a shop on one machine needs.
 */
const SETTINGS: Readonly<Record<string, string>> = {
  listen_addresses: "127.0.0.1",
  // A socket's path may not exceed 107 bytes and its folder may not be writable; TCP always works.
  unix_socket_directories: "",
  // All connections of several web processes, the workers and a person's tools at once.
  max_connections: "300",
  shared_buffers: `${sharedBuffersMb(totalmem())}MB`,
  // Hot rows make much WAL; larger steps between checkpoints spare full-page images.
  max_wal_size: "2GB",
  timezone: "UTC",
  log_timezone: "UTC",
  log_checkpoints: "off",
};

/**
 * An eighth of the machine. Attempts are kept for ever, and their indexes grow: with five million stored, purchases came at
 * 0.87 × the rate of an empty store with 1 GB, and at 0.73 × with 256 MB.
 */
export function sharedBuffersMb(memoryBytes: number): number {
  return Math.min(1_024, Math.max(128, Math.floor(memoryBytes / 8 / 1_048_576)));
}

/** In the cluster, included at the end of its `postgresql.conf`. */
export const SETTINGS_FILE = "doorbuster.conf";

/** Writes our settings anew; a file rather than arguments, which would pass through a shell. */
export async function writeSettings(options: {
  cluster: string;
  user: ServiceUser | undefined;
  port: number;
  settings: Readonly<Record<string, string>>;
}): Promise<void> {
  const all = { ...SETTINGS, ...options.settings, port: String(options.port) };
  const lines = Object.entries(all).map(([name, value]) => `${settingName(name)} = ${quote(value)}`);
  const file = join(options.cluster, SETTINGS_FILE);
  await writeFile(`${file}.new`, `# Written at each start.\n${lines.join("\n")}\n`, { mode: 0o600 });
  await giveTo(`${file}.new`, options.user);
  await rename(`${file}.new`, file);
}

function settingName(name: string): string {
  if (/^[a-z_][a-z0-9_.]*$/i.test(name)) return name;
  throw new Error(`not the name of a PostgreSQL setting: ${name}`);
}

function quote(value: string): string {
  if (value.includes("\n")) throw new Error("a PostgreSQL setting cannot hold a line break");
  return `'${value.replaceAll("\\", "\\\\").replaceAll("'", "''")}'`;
}

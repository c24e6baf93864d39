import { realpath } from "node:fs/promises";
import { join, resolve } from "node:path";
import { fileErrorCode } from "./embedded-error.ts";
import { clusterAt, databaseName, databaseUrl } from "./ensure-database.ts";
import { readPostmaster } from "./postmaster-state.ts";
import { readState } from "./state-file.ts";

/**
 * Finds the server that runs for this DATA_DIR, without starting one: for a command beside a running `npm start`.
 * Undefined when none runs, it is not ready yet, or it has no such database (default "doorbuster").
 */
export async function findEmbedded(options: {
  dataDir: string;
  database?: string;
}): Promise<{ url: string } | undefined> {
  const dataDir = await realpath(resolve(options.dataDir)).catch((error: unknown) => {
    if (fileErrorCode(error) === "ENOENT") return undefined;
    throw error;
  });
  if (dataDir === undefined) return undefined;
  const state = await readState(dataDir);
  if (state === undefined) return undefined;
  const cluster = join(state.home ?? dataDir, "postgres");
  const server = await readPostmaster(cluster);
  if (server.kind !== "running" || server.status !== "ready") return undefined;
  const url = databaseUrl({
    port: server.port,
    password: state.password,
    database: databaseName(options.database),
  });
  // Another program may have the port by now, and must not be taken for ours.
  return (await clusterAt(url)) === (await realpath(cluster)) ? { url } : undefined;
}

import { realpath } from "node:fs/promises";
import { join, resolve } from "node:path";
import { ifPresent } from "../../settings/if-present.ts";
import { clusterAt, databaseUrl } from "./databases.ts";
import { readPostmaster } from "./postmaster-state.ts";
import { readState } from "./state-file.ts";

/**
 * Finds the server that runs for this DATA_DIR, without starting one: for a command beside a running `npm start`.
 * Undefined when none runs, or it is not ready yet.
 */
export async function findEmbedded(options: { dataDir: string }): Promise<{ url: string } | undefined> {
  const dataDir = await ifPresent(realpath(resolve(options.dataDir)));
  const state = dataDir === undefined ? undefined : await readState(dataDir);
  if (dataDir === undefined || state === undefined) return undefined;
  const cluster = join(state.home ?? dataDir, "postgres");
  const server = await readPostmaster(cluster);
  if (server.kind !== "running" || server.status !== "ready") return undefined;
  const url = databaseUrl({ port: server.port, password: state.password });
  // Another program may have the port by now, and must not be taken for ours.
  return (await clusterAt(url)) === (await realpath(cluster)) ? { url } : undefined;
}

import { connectionSettings } from "../database/connection-settings.ts";
import { type Database, openDatabase } from "../database/database.ts";
import { findEmbedded } from "../database/embedded/find-embedded.ts";
import { startEmbedded } from "../database/embedded/start-embedded.ts";
import { readState } from "../database/embedded/state-file.ts";
import { migrate } from "../database/migrate.ts";
import { reachDatabase } from "../database/retry-while-away.ts";
import { CliError, type CommandCall } from "./command.ts";

/**
 * Does work on the store: on DATABASE_URL, on the embedded server of a running `npm start`, or on the embedded server
 * started for as long as the work takes. Says which store that is: a setting that was forgotten means another one.
 *
 * @throws CliError, DatabaseError with a sentence when there is no such store and it may not be made
 */
export async function withDatabase<T>(
  { config, say, mayMakeStore = false }: WithDatabaseOptions,
  work: (database: Database, store: string) => Promise<T>,
): Promise<T> {
  const { databaseSchema: schema, dataDir } = config;
  if (config.databaseUrl === undefined && !mayMakeStore && (await readState(dataDir)) === undefined) {
    throw new CliError(
      `There is no database in ${dataDir}: set DATA_DIR or DATABASE_URL to where the shop has its own, or start the shop first.`,
    );
  }
  const { url, end } = await findServer(config, say);
  try {
    await migrate({ url, schema, mayMakeStore, onProgress: say });
    const database = await openDatabase({ url, schema, poolSize: POOL_SIZE });
    try {
      const { server, database: name } = connectionSettings({ url, schema });
      return await work(database, `store "${schema}" in the database "${name}" at ${server}`);
    } finally {
      await database.close();
    }
  } finally {
    await end();
  }
}

export interface WithDatabaseOptions extends Pick<CommandCall, "config" | "say"> {
  /** Whether a store that is not there is made: one that a misspelt setting names is nobody's. Default: no. */
  readonly mayMakeStore?: boolean;
}

/** A command does one thing after another. */
const POOL_SIZE = 2;

async function findServer(
  { databaseUrl, databaseSchema, dataDir }: CommandCall["config"],
  say: CommandCall["say"],
): Promise<{ url: string; end: () => Promise<unknown> }> {
  if (databaseUrl !== undefined) {
    await reachDatabase({ url: databaseUrl, schema: databaseSchema }, say);
    return { url: databaseUrl, end: async () => {} };
  }
  const running = await findEmbedded({ dataDir });
  if (running) return { url: running.url, end: async () => {} };
  const embedded = await startEmbedded({ dataDir, onProgress: say });
  return { url: embedded.url, end: () => embedded.release() };
}

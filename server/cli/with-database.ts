import { type Database, openDatabase } from "../database/database.ts";
import { findEmbedded } from "../database/embedded/find-embedded.ts";
import { startEmbedded } from "../database/embedded/start-embedded.ts";
import { migrate } from "../database/migrate.ts";
import type { CommandCall } from "./command.ts";

/**
 * Does work on the store: on DATABASE_URL, on the embedded server of a running `npm start`, or on the embedded server
 * started for as long as the work takes.
 */
export async function withDatabase<T>(
  { config, say }: Pick<CommandCall, "config" | "say">,
  work: (database: Database) => Promise<T>,
): Promise<T> {
  const { url, end } = await findServer(config, say);
  try {
    await migrate({ url, schema: config.databaseSchema, onProgress: say });
    const database = await openDatabase({ url, schema: config.databaseSchema, poolSize: POOL_SIZE });
    try {
      return await work(database);
    } finally {
      await database.close();
    }
  } finally {
    await end();
  }
}

/** A command does one thing after another. */
const POOL_SIZE = 2;

async function findServer(
  { databaseUrl, dataDir }: CommandCall["config"],
  say: CommandCall["say"],
): Promise<{ url: string; end: () => Promise<unknown> }> {
  if (databaseUrl !== undefined) return { url: databaseUrl, end: async () => {} };
  const running = await findEmbedded({ dataDir });
  if (running) return { url: running.url, end: async () => {} };
  const embedded = await startEmbedded({ dataDir, onProgress: say });
  return { url: embedded.url, end: () => embedded.release() };
}

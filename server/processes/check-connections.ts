import { sql } from "drizzle-orm";
import { type Config, ConfigError } from "../config.ts";
import type { Database } from "../database/database.ts";

/**
 * Finds out whether the database has connections enough for all web processes, before a crowd does. The warehouse counts
 * as one more user of the same server, which it may be.
 *
 * @throws ConfigError
 */
export async function checkConnections(
  { db }: Database,
  { processes, poolSize }: Pick<Config, "processes" | "poolSize">,
): Promise<void> {
  const [row] = await db.execute<{ allowed: number }>(sql`
    select current_setting('max_connections')::int - current_setting('superuser_reserved_connections')::int as allowed
  `);
  const allowed = Number(row?.allowed);
  const needed = processes * (poolSize + LISTENING) + FOR_OTHERS;
  if (needed <= allowed) return;
  const poolSizeMax = Math.floor((allowed - FOR_OTHERS) / processes) - LISTENING;
  const advice = poolSizeMax > 0 ? `set POOL_SIZE to ${poolSizeMax} at most, or ` : "";
  throw new ConfigError(
    `PROCESSES is ${processes} and POOL_SIZE ${poolSize}, which needs ${needed} connections, and the database allows ${allowed}: ${advice}lower PROCESSES, or raise its max_connections.`,
  );
}

/** Connections of each process that listen: for live stock and for ended sessions. */
const LISTENING = 2;

/** For commands beside the running shop, and for people; for the worker; for the warehouse. */
const FOR_OTHERS = 5 + 5 + 10;

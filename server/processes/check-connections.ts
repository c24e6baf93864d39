import { sql } from "drizzle-orm";
import { type Config, ConfigError } from "../config.ts";
import type { Database } from "../database/database.ts";
import { READ_CONNECTIONS } from "../open-reads.ts";

/**
 * Finds out whether the database has connections enough for all processes of this start, before a crowd does. A warehouse
 * without a database of its own elsewhere is on the same server.
 *
 * @throws ConfigError
 */
export async function checkConnections(
  { db }: Database,
  { processes, poolSize, roles, warehouse }: Pick<Config, "processes" | "poolSize" | "roles" | "warehouse">,
): Promise<void> {
  const [row] = await db.execute<{ allowed: number }>(sql`
    select current_setting('max_connections')::int - current_setting('superuser_reserved_connections')::int as allowed
  `);
  const allowed = Number(row?.allowed);
  const pools = processes + (roles.includes("warehouse") && warehouse.databaseUrl === undefined ? 1 : 0);
  const others =
    processes * (LISTENING + READ_CONNECTIONS) + (roles.includes("worker") ? FOR_THE_WORKER : 0) + FOR_PEOPLE;
  const needed = pools * poolSize + others;
  if (needed <= allowed) return;
  const poolSizeMax = Math.floor((allowed - others) / pools);
  const advice = poolSizeMax > 0 ? `set POOL_SIZE to ${poolSizeMax} at most, or ` : "";
  throw new ConfigError(
    `PROCESSES is ${processes} and POOL_SIZE ${poolSize}, which needs ${needed} connections, and the database allows ${allowed}: ${advice}lower PROCESSES, or raise its max_connections.`,
  );
}

/** Connections of each web process that listen: for live stock and for ended sessions. */
const LISTENING = 2;

/** Four for transactions, and one that listens. */
const FOR_THE_WORKER = 5;

/** And for commands beside the running shop. */
const FOR_PEOPLE = 5;

import { Connection } from "../connection.ts";
import { connectionSettings, quoteIdentifier } from "../connection-settings.ts";
import { sqlStateOf } from "../sqlstate.ts";

/** A start may come while the machine is busy. */
const CONNECT_TIMEOUT_SECONDS = 10;

/** "doorbuster" unless another is asked for, which must be a plain name: the driver does not decode a URL's path. */
export function databaseName(name = "doorbuster"): string {
  if (/^[a-z_][a-z0-9_-]{0,62}$/.test(name)) return name;
  throw new Error(`not a plain name for a database: ${name}`);
}

export function databaseUrl(options: { port: number; password: string; database: string }): string {
  return `postgres://postgres:${options.password}@127.0.0.1:${options.port}/${options.database}`;
}

/**
 * Makes the database unless it exists, and returns the folder whose cluster answered.
 *
 * @throws DatabaseError when the server does not let us in, or ends meanwhile
 */
export function ensureDatabase(options: { port: number; password: string; database: string }): Promise<string> {
  return withConnection(databaseUrl({ ...options, database: "postgres" }), async (connection) => {
    const [found] = await connection.run("select from pg_database where datname = $1", [options.database]);
    if (!found) await connection.run(`create database ${quoteIdentifier(options.database)}`).catch(unlessItExists);
    return folderOf(connection);
  });
}

/** The folder of the cluster that answers at `url`; undefined when none does, or lets us into that database. */
export function clusterAt(url: string): Promise<string | undefined> {
  return withConnection(url, folderOf).catch(() => undefined);
}

/** Works on a connection of its own, with which it waits as long as it takes. */
export async function withConnection<T>(url: string, work: (connection: Connection) => Promise<T>): Promise<T> {
  const waiting = Object.assign(new URL(url), { search: `?connect_timeout=${CONNECT_TIMEOUT_SECONDS}` });
  const settings = connectionSettings({
    url: waiting.href,
    schema: "pg_catalog",
    applicationName: "doorbuster start",
    timeouts: { lockTimeoutMs: 0, statementTimeoutMs: 0, idleInTransactionTimeoutMs: 0 },
    readOnlyByDefault: false,
  });
  const connection = await Connection.open(settings);
  try {
    return await work(connection);
  } finally {
    await connection.end();
  }
}

async function folderOf(connection: Connection): Promise<string> {
  const [found] = await connection.run("select current_setting('data_directory') as folder");
  return String(found?.folder);
}

const DUPLICATE_DATABASE = "42P04";
const UNIQUE_VIOLATION = "23505";

/** Two starts may create it at once. */
function unlessItExists(error: unknown): void {
  const sqlState = sqlStateOf(error);
  if (sqlState !== DUPLICATE_DATABASE && sqlState !== UNIQUE_VIOLATION) throw error;
}

import postgres from "postgres";

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
 * Makes the database unless it exists, and returns the folder whose cluster answered. Rejects with the driver's error
 * when the server does not let us in.
 */
export async function ensureDatabase(options: { port: number; password: string; database: string }): Promise<string> {
  const sql = connect(databaseUrl({ ...options, database: "postgres" }));
  try {
    const [found] = await sql<{ folder: string; present: boolean }[]>`
      select current_setting('data_directory') as folder,
        exists (select from pg_database where datname = ${options.database}) as present`;
    if (found === undefined) throw new Error("a select without a from gave no row");
    if (!found.present) await sql`create database ${sql(options.database)}`.catch(unlessItExists);
    return found.folder;
  } finally {
    await sql.end({ timeout: CONNECT_TIMEOUT_SECONDS });
  }
}

/** The folder of the cluster that answers at `url`; undefined when none does, or lets us into that database. */
export async function clusterAt(url: string): Promise<string | undefined> {
  const sql = connect(url);
  try {
    const [found] = await sql<{ folder: string }[]>`select current_setting('data_directory') as folder`;
    return found?.folder;
  } catch {
    return undefined;
  } finally {
    await sql.end({ timeout: CONNECT_TIMEOUT_SECONDS });
  }
}

function connect(url: string): postgres.Sql {
  return postgres(url, {
    max: 1,
    connect_timeout: CONNECT_TIMEOUT_SECONDS,
    prepare: false,
    // Else the driver asks for the server's array types first, which costs a round trip.
    fetch_types: false,
    onnotice: () => {},
  });
}

const DUPLICATE_DATABASE = "42P04";
const UNIQUE_VIOLATION = "23505";

/** Two starts may create it at once. */
function unlessItExists(error: unknown): void {
  if (!(error instanceof postgres.PostgresError)) throw error;
  if (error.code !== DUPLICATE_DATABASE && error.code !== UNIQUE_VIOLATION) throw error;
}

import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { type MigrationMeta, readMigrationFiles } from "drizzle-orm/migrator";
import { Connection } from "./connection.ts";
import { type ConnectionSettings, connectionSettings, quoteIdentifier } from "./connection-settings.ts";
import { DatabaseError } from "./errors.ts";
import { grantServerRole } from "./grant-server-role.ts";
import { hasFunctions, installFunctions, readFunctions } from "./migrate-functions.ts";
import { attemptTransaction } from "./run-transaction.ts";
import { SQL_STATE, sqlStateOf } from "./sqlstate.ts";
import type { Transaction } from "./transaction.ts";

export interface MigrateOptions {
  readonly url: string;
  /** The store: made when it is absent. */
  readonly schema: string;
  /** Whether it may be made. Default: yes. */
  readonly mayMakeStore?: boolean;
  /** Holds `migrations/`, with their journal in `meta/_journal.json`, and `functions/` where there are any. */
  readonly folder?: string;
  /** Told, in words for a person, about what may take longer than a second. */
  readonly onProgress?: (sentence: string) => void;
}

/**
 * Brings a store up to date: makes its schema when absent and runs the migrations that it has not seen, all in one
 * transaction; then installs the SQL functions that are new or changed, in another; then gives the shop's own database user
 * its rights, where there is one. What has run is recorded in the store
 * itself (`__drizzle_migrations`, `__functions`). Any number of processes may call this at once, for the same store or
 * others: one works, the others wait and find nothing left to do.
 *
 * A migration that meets a lock held by running transactions gives way after a few seconds and tries again, because all
 * that comes behind it in the lock's queue would wait with it.
 *
 * @throws DatabaseError when the server cannot be reached or is too old, the schema holds what is not ours, the user may not,
 * or the wait is too long; PostgreSQL's own error when a migration fails, and the store is then as it was before
 */
export async function migrate(options: MigrateOptions): Promise<void> {
  const { schema, folder = DRIZZLE_FOLDER, onProgress = () => {} } = options;
  const settings = connectionSettings({
    ...options,
    applicationName: "doorbuster migrate",
    timeouts: { lockTimeoutMs: LOCK_TIMEOUT_MS, statementTimeoutMs: 0, idleInTransactionTimeoutMs: 0 },
  });
  const migrations = readMigrationFiles({ migrationsFolder: join(folder, "migrations") });
  const functions = await readFunctions(join(folder, "functions"));
  const connection = await Connection.open(settings);
  try {
    await waitForTurn(connection, schema, onProgress);
    const store = await readStore(connection, schema);
    if (options.mayMakeStore === false && !store.hasRecords) throw noStore(schema, settings);
    if (store.foreign !== undefined || (store.hasRecords && store.firstMs !== migrations[0]?.folderMillis)) {
      throw notOurs(store.foreign ?? MIGRATIONS_TABLE, schema, settings);
    }
    const open = migrations.filter(({ folderMillis }) => folderMillis > store.lastMs);
    // A store that has seen every migration and has every function needs no right to change its schema.
    const hasChanges = open.length > 0 || !(await hasFunctions(connection, schema, functions));
    if (hasChanges) {
      await runWhenUnlocked(connection, "migrations", onProgress, async (tx) => {
        if (!store.hasSchema) await tx.run(`create schema ${quoteIdentifier(schema)}`, []);
        await checkCurrentSchema(tx, schema, settings);
        await runMigrations(tx, schema, open);
      });
      // Functions speak of tables, and no migration speaks of functions.
      await runWhenUnlocked(connection, "functions", onProgress, (tx) => installFunctions(tx, schema, functions));
    }
    // The warehouse's user migrates by itself.
    if (options.folder === undefined) await grantServerRole(connection, schema, hasChanges);
  } catch (error) {
    throw sqlStateOf(error) === SQL_STATE.insufficientPrivilege ? notAllowed(error, schema, settings) : error;
  } finally {
    // Ending the session gives the turn back too.
    await connection.end();
  }
}

/** Waits until no other process migrates this store. Asking again and again leaves no transaction open meanwhile. */
async function waitForTurn(connection: Connection, schema: string, onProgress: Progress): Promise<void> {
  const deadlineAt = performance.now() + TURN_WAIT_MS;
  for (let asked = 0; ; asked++) {
    const [row] = await connection.run("select pg_try_advisory_lock(hashtextextended($1, 0)) as mine", [
      `doorbuster migrate ${schema}`,
    ]);
    if (row?.mine === true) return;
    if (performance.now() > deadlineAt)
      throw new DatabaseError("Another process has been migrating the database for too long.");
    if (asked === TURN_ASKS_UNTOLD) onProgress("Waiting for another process that migrates the database");
    await sleep(TURN_PAUSE_MS);
  }
}

/**
 * What there is under the store's name. A schema that was made beforehand has to be empty: what others keep there (`foreign`)
 * would be in the way of a migration, now or later. Drizzle's records are ours when they begin with our first migration.
 */
async function readStore(connection: Connection, schema: string) {
  const table = migrationsTable(schema);
  const [made] = await connection.run(
    "select to_regnamespace($1) is not null as schema, to_regclass($2) is not null as records",
    [quoteIdentifier(schema), table],
  );
  const hasRecords = made?.records === true;
  const [seen] = hasRecords
    ? await connection.run(`select min(created_at) as first, max(created_at) as last from ${table}`)
    : [];
  const [other] = hasRecords ? [] : await connection.run(OBJECTS, [schema]);
  return {
    hasSchema: made?.schema === true,
    hasRecords,
    firstMs: Number(seen?.first),
    lastMs: Number(seen?.last ?? 0),
    foreign: other && String(other.name),
  };
}

/** Some table, view, sequence or function of a schema that no extension has put there. */
const OBJECTS = `
  select name from (
    select relname as name, oid, tableoid from pg_class where relnamespace = to_regnamespace(quote_ident($1))
    union all
    select proname, oid, tableoid from pg_proc where pronamespace = to_regnamespace(quote_ident($1))
  ) as objects
  where not exists (
    select from pg_depend
    where pg_depend.classid = objects.tableoid and pg_depend.objid = objects.oid and pg_depend.deptype = 'e'
  )
  order by name
  limit 1`;

async function runWhenUnlocked(
  connection: Connection,
  name: string,
  onProgress: Progress,
  work: (tx: Transaction) => Promise<void>,
): Promise<void> {
  for (let attempts = 1; ; attempts++) {
    try {
      return await attemptTransaction(connection, { deadlineAt: performance.now() + DEADLINE_MS, name }, work);
    } catch (error) {
      if (sqlStateOf(error) !== SQL_STATE.lockNotAvailable || attempts >= ATTEMPTS_MAX) throw error;
      onProgress("Waiting for running transactions to let the migration through");
    }
  }
}

/**
 * Migrations name no schema: where unqualified names mean another one, they would fill that.
 *
 * @throws DatabaseError
 */
async function checkCurrentSchema(tx: Transaction, schema: string, settings: ConnectionSettings): Promise<void> {
  const [meant] = await tx.run("select current_schema() as name", []);
  if (meant?.name === schema) return;
  throw new DatabaseError(
    `Names without a schema mean "${meant?.name}" on the connection to ${settings.server}, not the store "${schema}": grant the user "${settings.user}" USAGE on it, and let nothing in between change the search_path.`,
  );
}

/** Keeps the same records as Drizzle's own migrator, which asks for CREATE on the database even where the schema is there. */
async function runMigrations(tx: Transaction, schema: string, migrations: readonly MigrationMeta[]): Promise<void> {
  const table = migrationsTable(schema);
  await tx.run(
    `create table if not exists ${table} (id serial primary key, hash text not null, created_at bigint)`,
    [],
  );
  for (const { sql, hash, folderMillis } of migrations) {
    for (const statement of sql) await tx.run(statement, []);
    await tx.run(`insert into ${table} (hash, created_at) values ($1, $2)`, [hash, String(folderMillis)]);
  }
}

function noStore(schema: string, { database, server }: ConnectionSettings): DatabaseError {
  return new DatabaseError(`There is no store "${schema}" in the database "${database}" at ${server}.`);
}

function notOurs(name: string, schema: string, { database, server }: ConnectionSettings): DatabaseError {
  return new DatabaseError(
    `The schema "${schema}" in the database "${database}" at ${server} holds "${name}" of another program: name a schema in DATABASE_SCHEMA that is empty or not there yet, or, where an older version in development made it, drop it (of the embedded database: delete DATA_DIR).`,
  );
}

function notAllowed(cause: unknown, schema: string, { user, database }: ConnectionSettings): DatabaseError {
  return new DatabaseError(
    `The user "${user}" may not make or change the store "${schema}" in the database "${database}": grant it CREATE there, or make the schema and grant it CREATE and USAGE on that, or migrate as a user who may.`,
    { cause },
  );
}

const MIGRATIONS_TABLE = "__drizzle_migrations";

function migrationsTable(schema: string): string {
  return `${quoteIdentifier(schema)}.${MIGRATIONS_TABLE}`;
}

type Progress = (sentence: string) => void;

const DRIZZLE_FOLDER = join(import.meta.dirname, "../../drizzle");

/** Buyers wait behind a migration that waits for a lock; this is as long as they should. */
const LOCK_TIMEOUT_MS = 2_000;
const ATTEMPTS_MAX = 30;

/** Rewriting a large table takes its time. */
const DEADLINE_MS = 60 * 60_000;

const TURN_WAIT_MS = 10 * 60_000;
const TURN_PAUSE_MS = 100;
/** Nothing is said in the first second. */
const TURN_ASKS_UNTOLD = 10;

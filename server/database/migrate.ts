import { join } from "node:path";
import { type MigrationMeta, readMigrationFiles } from "drizzle-orm/migrator";
import { Connection } from "./connection.ts";
import { type ConnectionSettings, connectionSettings, quoteIdentifier } from "./connection-settings.ts";
import { DatabaseError } from "./errors.ts";
import { grantServerRole } from "./grant-server-role.ts";
import { hasFunctions, installFunctions, readFunctions, type StoredRoutine } from "./migrate-functions.ts";
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
  const settings = connectionSettings({
    ...options,
    applicationName: "doorbuster migrate",
    timeouts: { lockTimeoutMs: LOCK_TIMEOUT_MS, statementTimeoutMs: 0, idleInTransactionTimeoutMs: 0 },
  });
  const functions = await readFunctions(join(folderOf(options), "functions"));
  const connection = await Connection.open(settings);
  try {
    if (options.mayMakeStore === false) await checkStoreExists(connection, settings, options);
    await takeTurn(connection, options);
    await checkIsOurs(connection, settings, options);
    const wasUpToDate = await isUpToDate(connection, options, functions);
    if (!wasUpToDate) await bringUpToDate(connection, settings, options, functions);
    // The warehouse's user migrates by itself.
    if (options.folder === undefined) await grantServerRole(connection, options.schema, !wasUpToDate);
  } catch (error) {
    throw sqlStateOf(error) === SQL_STATE.insufficientPrivilege ? notAllowed(error, settings, options) : error;
  } finally {
    // Ending the session gives the turn back too.
    await connection.end();
  }
}

async function bringUpToDate(
  connection: Connection,
  settings: ConnectionSettings,
  options: MigrateOptions,
  functions: readonly StoredRoutine[],
): Promise<void> {
  for (let attempts = 1; ; attempts++) {
    try {
      await runOn(connection, settings, options, functions);
      return;
    } catch (error) {
      if (sqlStateOf(error) !== SQL_STATE.lockNotAvailable || attempts >= ATTEMPTS_MAX) throw error;
      options.onProgress?.("Waiting for running transactions to let the migration through");
    }
  }
}

async function checkStoreExists(
  connection: Connection,
  { database, server }: ConnectionSettings,
  { schema }: MigrateOptions,
): Promise<void> {
  const [found] = await connection.run("select to_regclass($1) is not null as made", [migrationsTable(schema)]);
  if (found?.made !== true) {
    throw new DatabaseError(`There is no store "${schema}" in the database "${database}" at ${server}.`);
  }
}

/** Waits until no other process migrates this store. Asking again and again leaves no transaction open meanwhile. */
async function takeTurn(connection: Connection, { schema, onProgress }: MigrateOptions): Promise<void> {
  const deadlineAt = performance.now() + TURN_WAIT_MS;
  for (let asked = 0; ; asked++) {
    const [row] = await connection.run("select pg_try_advisory_lock(hashtextextended($1, 0)) as mine", [
      `doorbuster migrate ${schema}`,
    ]);
    if (row?.mine === true) return;
    if (performance.now() > deadlineAt)
      throw new DatabaseError("Another process has been migrating the database for too long.");
    if (asked === TURN_ASKS_UNTOLD) onProgress?.("Waiting for another process that migrates the database");
    await new Promise((resolve) => setTimeout(resolve, TURN_PAUSE_MS));
  }
}

/**
 * A schema that was made beforehand has to be empty: what others keep there would be in the way of a migration, now or
 * later. Drizzle's records are ours when they begin with our first migration.
 *
 * @throws DatabaseError
 */
async function checkIsOurs(
  connection: Connection,
  { database, server }: ConnectionSettings,
  options: MigrateOptions,
): Promise<void> {
  const { schema } = options;
  const table = migrationsTable(schema);
  const [records] = await connection.run("select to_regclass($1) is not null as made", [table]);
  const [found] =
    records?.made === true
      ? await connection.run(`select '__drizzle_migrations' as name, min(created_at) as first from ${table}`)
      : await connection.run(OBJECTS, [schema]);
  if (found === undefined || Number(found.first) === migrationsOf(options)[0]?.folderMillis) return;
  throw new DatabaseError(
    `The schema "${schema}" in the database "${database}" at ${server} holds "${found.name}" of another program: name a schema in DATABASE_SCHEMA that is empty or not there yet, or, where an older version in development made it, drop it (of the embedded database: delete DATA_DIR).`,
  );
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

/** A store that has seen every migration and has every function needs no right to change its schema. */
async function isUpToDate(
  connection: Connection,
  options: MigrateOptions,
  functions: readonly StoredRoutine[],
): Promise<boolean> {
  const { schema } = options;
  const known = migrationsOf(options).at(-1)?.folderMillis;
  const table = migrationsTable(schema);
  const [found] = await connection.run("select to_regclass($1) is not null as made", [table]);
  if (found?.made !== true) return false;
  const [last] = await connection.run(`select max(created_at) as seen from ${table}`);
  return known !== undefined && Number(last?.seen) >= known && (await hasFunctions(connection, schema, functions));
}

function notAllowed(cause: unknown, { user, database }: ConnectionSettings, { schema }: MigrateOptions): DatabaseError {
  return new DatabaseError(
    `The user "${user}" may not make or change the store "${schema}" in the database "${database}": grant it CREATE there, or make the schema and grant it CREATE and USAGE on that, or migrate as a user who may.`,
    { cause },
  );
}

async function runOn(
  connection: Connection,
  settings: ConnectionSettings,
  options: MigrateOptions,
  functions: readonly StoredRoutine[],
): Promise<void> {
  const within = (name: string) => ({ deadlineAt: performance.now() + MIGRATION_DEADLINE_MS, name });
  await attemptTransaction(connection, within("migrations"), (tx) => runMigrations(tx, options, settings));
  // Functions speak of tables, and no migration speaks of functions.
  await attemptTransaction(connection, within("functions"), (tx) => installFunctions(tx, options.schema, functions));
}

/** Keeps the same records as Drizzle's own migrator, which asks for CREATE on the database even where the schema is there. */
async function runMigrations(tx: Transaction, options: MigrateOptions, settings: ConnectionSettings): Promise<void> {
  const { schema } = options;
  const store = quoteIdentifier(schema);
  const [found] = await tx.run("select to_regnamespace($1) is not null as made", [store]);
  if (found?.made !== true) await tx.run(`create schema ${store}`, []);
  await checkCurrentSchema(tx, options, settings);
  const table = migrationsTable(schema);
  const [records] = await tx.run("select to_regclass($1) is not null as made", [table]);
  if (records?.made !== true) {
    await tx.run(`create table ${table} (id serial primary key, hash text not null, created_at bigint)`, []);
  }
  const [last] = await tx.run(`select max(created_at) as seen from ${table}`, []);
  const seen = Number(last?.seen ?? 0);
  for (const { sql, hash, folderMillis } of migrationsOf(options).filter((each) => each.folderMillis > seen)) {
    for (const statement of sql) await tx.run(statement, []);
    await tx.run(`insert into ${table} (hash, created_at) values ($1, $2)`, [hash, String(folderMillis)]);
  }
}

/**
 * Migrations name no schema: where unqualified names mean another one, they would fill that.
 *
 * @throws DatabaseError
 */
async function checkCurrentSchema(
  tx: Transaction,
  { schema }: MigrateOptions,
  { user, server }: ConnectionSettings,
): Promise<void> {
  const [meant] = await tx.run("select current_schema() as name", []);
  if (meant?.name === schema) return;
  throw new DatabaseError(
    `Names without a schema mean "${meant?.name}" on the connection to ${server}, not the store "${schema}": grant the user "${user}" USAGE on it, and let nothing in between change the search_path.`,
  );
}

function migrationsTable(schema: string): string {
  return `${quoteIdentifier(schema)}.__drizzle_migrations`;
}

function migrationsOf(options: MigrateOptions): MigrationMeta[] {
  return readMigrationFiles({ migrationsFolder: join(folderOf(options), "migrations") });
}

function folderOf({ folder = DRIZZLE_FOLDER }: MigrateOptions): string {
  return folder;
}

const DRIZZLE_FOLDER = join(import.meta.dirname, "../../drizzle");

/** Buyers wait behind a migration that waits for a lock; this is as long as they should. */
const LOCK_TIMEOUT_MS = 2_000;
const ATTEMPTS_MAX = 30;

/** Rewriting a large table takes its time. */
const MIGRATION_DEADLINE_MS = 60 * 60_000;

const TURN_WAIT_MS = 10 * 60_000;
const TURN_PAUSE_MS = 100;
/** Nothing is said in the first second. */
const TURN_ASKS_UNTOLD = 10;

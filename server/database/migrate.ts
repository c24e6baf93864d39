import { join } from "node:path";
import { drizzle } from "drizzle-orm/postgres-js";
import { migrate as runMigrations } from "drizzle-orm/postgres-js/migrator";
import { type ConnectionSettings, connectionSettings, shareValueRules } from "./connection-settings.ts";
import { DrizzleClient } from "./drizzle-client.ts";
import { DatabaseError } from "./errors.ts";
import { Lane } from "./lane.ts";
import { SQL_STATE, sqlStateOf } from "./sqlstate.ts";

export interface MigrateOptions {
  readonly url: string;
  /** The store: made when it is absent. */
  readonly schema: string;
  /** Holds the SQL files, and their journal in `meta/_journal.json`. */
  readonly folder?: string;
  /** Told, in words for a person, about what may take longer than a second. */
  readonly onProgress?: (sentence: string) => void;
}

/**
 * Brings a store up to date: makes its schema when absent and runs the migrations that it has not seen, all in one
 * transaction. What has run is recorded in the store itself (`__drizzle_migrations`). Any number of processes may call
 * this at once, for the same store or others: one works, the others wait and find nothing left to do.
 *
 * A migration that meets a lock held by running transactions gives way after a few seconds and tries again, because all
 * that comes behind it in the lock's queue would wait with it.
 *
 * @throws DatabaseError when the server cannot be reached or the wait is too long; PostgreSQL's own error when a
 * migration fails, and the store is then as it was before
 */
export async function migrate(options: MigrateOptions): Promise<void> {
  const settings = connectionSettings({
    ...options,
    applicationName: "doorbuster migrate",
    timeouts: { lockTimeoutMs: LOCK_TIMEOUT_MS, statementTimeoutMs: 0, idleInTransactionTimeoutMs: 0 },
  });
  const lane = await Lane.open(settings);
  try {
    await takeTurn(lane, options);
    for (let attempts = 1; ; attempts++) {
      try {
        await runOn(lane, settings, options);
        return;
      } catch (error) {
        if (sqlStateOf(error) !== SQL_STATE.lockNotAvailable || attempts >= ATTEMPTS_MAX) throw error;
        options.onProgress?.("Waiting for running transactions to let the migration through");
      }
    }
  } finally {
    // Ending the session gives the turn back too.
    await lane.end();
  }
}

/** Waits until no other process migrates this store. Asking again and again leaves no transaction open meanwhile. */
async function takeTurn(lane: Lane, { schema, onProgress }: MigrateOptions): Promise<void> {
  const deadlineAt = performance.now() + TURN_WAIT_MS;
  for (let asked = 0; ; asked++) {
    const [row] = await lane.run("select pg_try_advisory_lock(hashtextextended($1, 0)) as mine", [
      `doorbuster migrate ${schema}`,
    ]);
    if (row?.mine === true) return;
    if (performance.now() > deadlineAt)
      throw new DatabaseError("Another process has been migrating the database for too long.");
    if (asked === TURN_ASKS_UNTOLD) onProgress?.("Waiting for another process that migrates the database");
    await new Promise((resolve) => setTimeout(resolve, TURN_PAUSE_MS));
  }
}

async function runOn(lane: Lane, settings: ConnectionSettings, options: MigrateOptions): Promise<void> {
  const source = { acquire: async () => lane, release: () => {}, driverOptions: settings.driver };
  const client = new DrizzleClient(source, MIGRATION_DEADLINE_MS);
  const db = drizzle({ client: client as never });
  shareValueRules(settings.driver);
  await runMigrations(db, {
    migrationsFolder: options.folder ?? MIGRATIONS_FOLDER,
    migrationsSchema: options.schema,
  });
}

const MIGRATIONS_FOLDER = join(import.meta.dirname, "../../drizzle/migrations");

/** Buyers wait behind a migration that waits for a lock; this is as long as they should. */
const LOCK_TIMEOUT_MS = 2_000;
const ATTEMPTS_MAX = 30;

/** Rewriting a large table takes its time. */
const MIGRATION_DEADLINE_MS = 60 * 60_000;

const TURN_WAIT_MS = 10 * 60_000;
const TURN_PAUSE_MS = 100;
/** Nothing is said in the first second. */
const TURN_ASKS_UNTOLD = 10;

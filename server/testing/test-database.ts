import { randomBytes } from "node:crypto";
import postgres from "postgres";
import { inject } from "vitest";
import { type Database, type DatabaseOptions, openDatabase } from "../database/database.ts";
import { TEST_SCHEMA, withDatabase } from "./global-setup.ts";

export interface TestDatabase extends AsyncDisposable {
  /** As whom the product comes: a superuser whose sessions begin with hostile settings (`makeHostileRole`). */
  readonly url: string;
  /** As whom other programs come: a superuser with the server's own settings. */
  readonly adminUrl: string;
  readonly schema: string;
  /** The store, as the product sees it. */
  readonly database: Database;
  /** A superuser's connections in the same store, to arrange, look and tamper behind the product's back. */
  readonly sql: postgres.Sql;
  /** Opens the same store once more, as another process would; closed with the test database. */
  open(options?: Partial<DatabaseOptions>): Promise<Database>;
}

/**
 * For tests in which one waits for another while a third goes on: however slow the machine is at that moment, no deadline of
 * the product's ends the wait.
 */
export const PATIENT: Partial<DatabaseOptions> = {
  timeouts: { lockTimeoutMs: 120_000, statementTimeoutMs: 120_000, idleInTransactionTimeoutMs: 120_000 },
  defaults: { deadlineMs: 120_000 },
};

/** Default for tests: enough callers at once to meet, few enough for many tests side by side. */
const POOL_SIZE = 4;

/**
 * A migrated database of the test's own, gone when the test is over:
 *
 *     await using test = await createTestDatabase();
 */
export async function createTestDatabase(options: Partial<DatabaseOptions> = {}): Promise<TestDatabase> {
  const { adminUrl: serverAdminUrl, url: serverUrl, template } = inject("testServer");
  const name = `doorbuster_test_${randomBytes(6).toString("hex")}`;
  const admin = adminOf(serverAdminUrl);
  // The default strategy writes every page of it to the log as well.
  await admin.unsafe(`create database ${name} template ${template} strategy file_copy`);
  const url = withDatabase(serverUrl, name);
  const adminUrl = withDatabase(serverAdminUrl, name);
  const sql = postgres(adminUrl, {
    max: 4,
    onnotice: () => {},
    connection: { search_path: `${TEST_SCHEMA}, pg_catalog`, TimeZone: "UTC" },
  });
  const opened: Database[] = [];
  const open = async (more: Partial<DatabaseOptions> = {}) => {
    const database = await openDatabase({ url, schema: TEST_SCHEMA, poolSize: POOL_SIZE, ...options, ...more });
    opened.push(database);
    return database;
  };
  return {
    url,
    adminUrl,
    schema: TEST_SCHEMA,
    database: await open(),
    sql,
    open,
    async [Symbol.asyncDispose]() {
      await Promise.all(opened.map((database) => database.close()));
      await sql.end({ timeout: 1 });
      await admin.unsafe(`drop database if exists ${name} with (force)`);
    },
  };
}

/** One connection of this process, which is closed when it was not needed for a while. */
function adminOf(url: string): postgres.Sql {
  admin ??= postgres(url, { max: 1, idle_timeout: ADMIN_IDLE_SECONDS, onnotice: () => {} });
  return admin;
}

let admin: postgres.Sql | undefined;

const ADMIN_IDLE_SECONDS = 5;

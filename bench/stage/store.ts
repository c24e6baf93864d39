import { readFile } from "node:fs/promises";
import postgres from "postgres";
import type { MintedToken } from "../../server/accounts/mint-tokens.ts";
import { type Database, openDatabase } from "../../server/database/database.ts";

/** A shop's data in a database of its own. */
export interface Store {
  /** A superuser's URL. */
  readonly url: string;
  readonly schema: string;
  /** The store as the product sees it. */
  readonly database: Database;
  /** Everybody who may buy. */
  readonly buyers: readonly MintedToken[];
  /** What tells other processes of it: DATABASE_URL, DATABASE_SCHEMA, and BENCH_BUYERS, a file with the buyers as JSON. */
  readonly env: Readonly<Record<string, string>>;
  readonly buyersFile: string;
  /** A superuser's connections in the same store. */
  readonly sql: postgres.Sql;
}

/** The schema of every store of the bench. */
export const SCHEMA = "shop";

/** What `makeStore` clones. */
export interface Template {
  /** A superuser's URL of the maintenance database. */
  readonly serverUrl: string;
  readonly database: string;
  readonly buyers: readonly MintedToken[];
  readonly buyersFile: string;
}

/** Clones the template under a new name. */
export async function cloneStore(template: Template, name: string): Promise<Store & AsyncDisposable> {
  await onServer(template.serverUrl, (admin) => admin.unsafe(`create database ${name} template ${template.database}`));
  const url = withDatabase(template.serverUrl, name);
  const database = await openDatabase({ url, schema: SCHEMA, poolSize: 4, applicationName: "bench" });
  const sql = superuser(url);
  return {
    url,
    schema: SCHEMA,
    database,
    buyers: template.buyers,
    buyersFile: template.buyersFile,
    env: { DATABASE_URL: url, DATABASE_SCHEMA: SCHEMA, BENCH_BUYERS: template.buyersFile },
    sql,
    async [Symbol.asyncDispose]() {
      await database.close();
      await sql.end({ timeout: 1 });
      await onServer(template.serverUrl, (admin) => admin.unsafe(`drop database if exists ${name} with (force)`));
    },
  };
}

/** Connections that see the store and are held back by nothing. */
export function superuser(url: string): postgres.Sql {
  return postgres(url, {
    max: 2,
    onnotice: () => {},
    connection: { search_path: `${SCHEMA}, pg_catalog`, TimeZone: "UTC" },
  });
}

export async function onServer<T>(url: string, work: (admin: postgres.Sql) => Promise<T>): Promise<T> {
  const admin = postgres(url, { max: 1, onnotice: () => {} });
  try {
    return await work(admin);
  } finally {
    await admin.end();
  }
}

export function withDatabase(url: string, database: string): string {
  const changed = new URL(url);
  changed.pathname = `/${database}`;
  return changed.href;
}

/** In a process of the bench: everybody who may buy. */
export async function readBuyers(): Promise<MintedToken[]> {
  return JSON.parse(await readFile(process.env.BENCH_BUYERS ?? "", "utf8"));
}

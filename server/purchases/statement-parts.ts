import { type AnyColumn, type SQL, sql } from "drizzle-orm";
import { drizzle } from "drizzle-orm/postgres-js";
import type { items, wallets } from "../../drizzle/schema/index.ts";

/*
 * The statements of the purchase, built by Drizzle once and run prepared. Drizzle's own execution would plan each one
 * anew and take two round trips for it.
 *
 * Their plans are kept, also those that were made while the tables were empty and every way through them looked equally
 * short. So each statement is written such that it can only be run by the right index: a test holds each plan to that.
 */

export const build = drizzle.mock();
export const parameter = sql.placeholder;

/** Selects columns under the names of the table's properties, which is what the rows are read by. */
export function named<Columns extends Record<string, AnyColumn>>(columns: Columns) {
  const entries = Object.entries(columns).map(([name, column]) => [name, sql`${column}`.as(name)]);
  return Object.fromEntries(entries) as { [Name in keyof Columns]: SQL.Aliased };
}

/** Where a row lies. That of a locked row cannot change before its own transaction updates it. */
export const placeIn = (table: typeof items | typeof wallets) => sql<string>`${table}.ctid::text`.as("place");

export const uuids = (name: string) => sql`${parameter(name)}::uuid[]`;
export const places = (name: string) => sql`${parameter(name)}::tid[]`;
export const bigints = (name: string) => sql`${parameter(name)}::bigint[]`;

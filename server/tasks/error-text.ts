import { causesOf } from "../database/causes-of.ts";

/**
 * Why an attempt failed, as operators read it: what PostgreSQL can store, and not the pages of parameters that Drizzle
 * adds to an error of the database.
 */
export function errorText(error: unknown): string {
  const causes = causesOf(error);
  const told = causes[0]?.name === "DrizzleQueryError" ? causes.at(-1) : causes[0];
  const text = told ? told.message || told.name : String(error);
  return storableText(text);
}

/** Without what PostgreSQL does not take: NUL and halves of characters. */
export function storableText(text: string): string {
  return text.slice(0, LENGTH_MAX).replaceAll("\0", "").toWellFormed();
}

/** More than a person reads, and far less than would weigh on a table that keeps every attempt. */
const LENGTH_MAX = 1_000;

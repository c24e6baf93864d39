import { type AnyColumn, type SQL, sql } from "drizzle-orm";
import { z } from "zod";
import { timestampSchema } from "../../shared/primitives.ts";

/** Selects a timestamptz that is never null as milliseconds since 1970, fractions kept. */
export function epochMs(time: AnyColumn | SQL): SQL<number> {
  return sql<number>`(extract(epoch from ${time}) * 1000)::float8`;
}

/** The same for one that may be null. */
export function epochMsOrNull(time: AnyColumn | SQL): SQL<number | null> {
  return sql<number | null>`(extract(epoch from ${time}) * 1000)::float8`;
}

/**
 * ISO 8601 in UTC with milliseconds, as every answer has its times; what lies below a millisecond is cut off.
 *
 * @param time milliseconds since 1970, or a time as the database writes it
 */
export function isoTime(time: number | string | Date): string {
  return new Date(time).toISOString();
}

/** A time as the database writes it, for cursors that must not lose what lies below a millisecond. */
export const storedTimeSchema = z
  .string()
  .regex(/^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d(\.\d{1,6})?\+00$/)
  .refine((time) => timestampSchema.safeParse(time.replace(" ", "T").replace("+00", "Z")).success);

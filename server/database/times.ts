import { type AnyColumn, type SQL, sql } from "drizzle-orm";
import { z } from "zod";

/** Selects a timestamptz that is never null as milliseconds since 1970, fractions kept. */
export function epochMs(time: AnyColumn | SQL): SQL<number> {
  return sql<number>`(extract(epoch from ${time}) * 1000)::float8`;
}

/** The same for one that may be null. */
export function epochMsOrNull(time: AnyColumn | SQL): SQL<number | null> {
  return sql<number | null>`(extract(epoch from ${time}) * 1000)::float8`;
}

/**
 * ISO 8601 in UTC with milliseconds, as every answer has its times; what lies below a millisecond is cut off. A time that only
 * PostgreSQL has, as `infinity`, which somebody has written past the shop, becomes the nearest: lists and files go on.
 *
 * @param time milliseconds since 1970, or a time as the database writes it
 */
export function isoTime(time: number | string | Date): string {
  const date = new Date(time);
  return (Number.isNaN(date.getTime()) ? nearestDate(time) : date).toISOString();
}

function nearestDate(time: number | string | Date): Date {
  const isEarly = time === Number.NEGATIVE_INFINITY || /^-infinity$| BC$/.test(String(time));
  const isLate = time === Number.POSITIVE_INFINITY || /^infinity$|^\d{6}-/.test(String(time));
  return new Date(isEarly ? -DATE_MAX_MS : isLate ? DATE_MAX_MS : Number.NaN);
}

/** 100 million days before and after 1970: ECMA-262, "Time Values and Time Range". */
const DATE_MAX_MS = 8.64e15;

/** A time as the database writes it, for cursors that must not lose what lies below a millisecond. */
export const storedTimeSchema = z.string().refine((time) => {
  const [, year = "", day = "", clock = ""] = STORED.exec(time) ?? [];
  const atMs = Date.parse(`+${year.padStart(6, "0")}-${day}T${clock}Z`);
  const isThere = !Number.isNaN(atMs) && new Date(atMs).toISOString().includes(`${day}T${clock}.`);
  return isThere || time === "infinity" || time === "-infinity";
});

const STORED = /^(\d{4,6})-(\d\d-\d\d) (\d\d:\d\d:\d\d)(?:\.\d{1,6})?\+00$/;

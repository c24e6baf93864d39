import { bigint, customType, timestamp } from "drizzle-orm/pg-core";

/** A time as the database writes it, with microseconds. */
export const moment = (name: string) => timestamp(name, { withTimezone: true, mode: "string" });

/** Ids, versions, positions: no more than JavaScript counts exactly. */
export const number = (name: string) => bigint(name, { mode: "number" });

/** Minor units of a currency. */
export const cents = number;

/** An id that the database draws. It says nothing about order: several counters may give them. */
export const identity = () => number("id").primaryKey().generatedAlwaysAsIdentity();

/** Words that a search compares. */
export const tsvector = customType<{ data: string }>({ dataType: () => "tsvector" });

import { sql } from "drizzle-orm";
import { boolean, check, integer, pgTable, primaryKey, text, uuid } from "drizzle-orm/pg-core";
import { cents, moment, number } from "./columns.ts";

/**
 * How many attempts were decided second by second, so that what a sale came to is read from some hundred rows and not from
 * each attempt. A worker adds what has settled (`server/figures/count-seconds.ts`); it says nothing that the attempts do not,
 * so it has no foreign key, and could be counted anew.
 */
export const attemptSeconds = pgTable(
  "attempt_seconds",
  {
    itemId: number("item_id").notNull(),
    /** The second in which they were decided. */
    second: moment("second").notNull(),
    /** `PURCHASED`, or the code of the refusal. */
    outcome: text("outcome").notNull(),
    attempts: integer("attempts").notNull(),
    /** Sold, or asked for and refused. */
    units: number("units").notNull(),
    /** Taken for them; 0 where refused. */
    amountCents: cents("amount_cents").notNull(),
  },
  (table) => [
    primaryKey({ name: "attempt_seconds_once", columns: [table.itemId, table.second, table.outcome] }),
    check("attempt_seconds_not_empty", sql`attempts > 0 and units > 0 and amount_cents >= 0`),
  ],
);

/** One row: all attempts whose ids are below are counted, each once. Whoever holds its lock counts on. */
export const attemptSecondsMark = pgTable(
  "attempt_seconds_mark",
  {
    isOnly: boolean("is_only").primaryKey().default(true),
    below: uuid("below").notNull().default("00000000-0000-0000-0000-000000000000"),
  },
  () => [check("attempt_seconds_mark_one_row", sql`is_only`)],
);

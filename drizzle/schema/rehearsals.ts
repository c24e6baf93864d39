import { sql } from "drizzle-orm";
import { boolean, check, foreignKey, index, jsonb, pgTable, text, uniqueIndex, uuid } from "drizzle-orm/pg-core";
import { type Crowd, REHEARSAL_STATES, type RehearsalProgress, type RehearsalReport } from "../../shared/rehearsals.ts";
import { users } from "./accounts.ts";
import { identity, moment, number } from "./columns.ts";
import { sales } from "./sales.ts";

/**
 * Rehearsals of sales. Each takes place in a store of its own, a schema beside this one; here stands who began it, how far it
 * is and what came of it. A row is changed while it runs and removed when an operator says so.
 */
export const rehearsals = pgTable(
  "rehearsals",
  {
    id: identity(),
    saleId: number("sale_id").notNull(),
    startedBy: uuid("started_by").notNull(),
    crowd: jsonb("crowd").$type<Crowd>().notNull(),
    measureCapacity: boolean("measure_capacity").notNull(),
    besideRealSales: boolean("beside_real_sales").notNull(),
    state: text("state", { enum: REHEARSAL_STATES }).notNull().default("preparing"),
    progress: jsonb("progress").$type<RehearsalProgress>().notNull(),
    /** The schema of its own. */
    store: text("store").notNull(),
    /** When that was dropped; null while it may be there. */
    storeDroppedAt: moment("store_dropped_at"),
    startedAt: moment("started_at").notNull(),
    endedAt: moment("ended_at"),
    /** Whoever runs it moves this forward; once it has passed, whoever notices ends it and drops the store. */
    leaseUntil: moment("lease_until").notNull(),
    stopAskedAt: moment("stop_asked_at"),
    wentWell: boolean("went_well"),
    verdict: text("verdict"),
    report: jsonb("report").$type<RehearsalReport>(),
  },
  (table) => [
    foreignKey({ name: "rehearsals_of_a_sale", columns: [table.saleId], foreignColumns: [sales.id] }),
    foreignKey({ name: "rehearsals_by_a_user", columns: [table.startedBy], foreignColumns: [users.id] }),
    check(
      "rehearsals_state_known",
      sql`state in ('preparing', 'selling', 'measuring', 'checking', 'done', 'stopped', 'failed')`,
    ),
    check("rehearsals_ended_in_an_end_state", sql`(state in ('done', 'stopped', 'failed')) = (ended_at is not null)`),
    // What is dropped by this name is never a shop's own store.
    check("rehearsals_store_named_as_one", sql`store ~ '_rehearsal_[0-9a-f]{12}$'`),
    uniqueIndex("rehearsals_one_at_a_time").on(sql`(ended_at is null)`).where(sql`ended_at is null`),
    uniqueIndex("rehearsals_one_per_store").on(table.store),
    index("rehearsals_by_sale").on(table.saleId, table.startedAt.desc().nullsFirst(), table.id.desc().nullsFirst()),
    index("rehearsals_by_time").on(table.startedAt.desc().nullsFirst(), table.id.desc().nullsFirst()),
  ],
);

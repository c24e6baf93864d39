import { sql } from "drizzle-orm";
import { boolean, check, doublePrecision, foreignKey, index, integer, jsonb, pgTable, text } from "drizzle-orm/pg-core";
import { RECONCILE_SCOPES, type ReconcileResult } from "../../shared/operations.ts";
import { identity, moment, number } from "./columns.ts";
import { items } from "./sales.ts";

/*
 * Reconciliation that runs by itself: what it found, how far it has come, and whose turn it is. What was checked once is not
 * read again: a run costs what is new since the one before, however much was ever sold. These tables say what somebody looked
 * at, not what was sold or paid, so they are changed and old runs are removed.
 */

/** What reconciliations found. Old runs that matter no more are removed. */
export const reconcileRuns = pgTable(
  "reconcile_runs",
  {
    id: identity(),
    scope: text("scope", { enum: RECONCILE_SCOPES }).notNull(),
    /** When the run read its snapshot, by the clock of the database. */
    startedAt: moment("started_at").notNull(),
    seconds: doublePrecision("seconds").notNull(),
    ok: boolean("ok").notNull(),
    checks: jsonb("checks").$type<ReconcileResult["checks"]>().notNull(),
  },
  (table) => [
    check("reconcile_runs_scope_known", sql`scope in ('full', 'new')`),
    check("reconcile_runs_seconds_not_negative", sql`seconds >= 0`),
    index("reconcile_runs_by_scope").on(table.scope, table.startedAt),
    index("reconcile_runs_broken").on(table.startedAt).where(sql`not ok`),
  ],
);

/** Up to where each item was checked. Every item has one from the first moment, so that none has to be looked for. */
export const reconcileMarks = pgTable(
  "reconcile_marks",
  {
    itemId: number("item_id").primaryKey(),
    /** Purchases up to this position were checked, and sold `unitsSold`. */
    position: number("position").notNull().default(0),
    unitsSold: number("units_sold").notNull().default(0),
    /** Of purchases up to this position the tasks were checked. */
    tasksPosition: number("tasks_position").notNull().default(0),
    /** As they stood when the item's stock was last checked; null before. */
    allotted: integer("allotted"),
    remaining: integer("remaining"),
    /** Nothing will be sold of it any more, and all that was has been checked. */
    isSettled: boolean("is_settled").notNull().default(false),
  },
  (table) => [
    foreignKey({ name: "reconcile_marks_of_an_item", columns: [table.itemId], foreignColumns: [items.id] }),
    check("reconcile_marks_not_negative", sql`position >= 0 and units_sold >= 0 and tasks_position >= 0`),
    index("reconcile_marks_unsettled").on(table.itemId).where(sql`not is_settled`),
  ],
);

/**
 * One row: when the next run over what is new is due, and up to which time rows without positions were looked at. Whichever
 * worker moves `dueAt` forward has the next run, and nobody else.
 */
export const reconcileTurns = pgTable(
  "reconcile_turns",
  {
    isOnly: boolean("is_only").primaryKey().default(true),
    dueAt: moment("due_at").notNull().default(sql`clock_timestamp()`),
    /** Rises with every turn: a run that took too long finds that it is another's by now. */
    turn: number("turn").notNull().default(0),
    coveredUntil: moment("covered_until").notNull().default("-infinity"),
  },
  () => [check("reconcile_turns_one_row", sql`is_only`)],
);

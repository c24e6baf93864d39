import { bigint, boolean, doublePrecision, integer, jsonb, pgTable, text, timestamp } from "drizzle-orm/pg-core";
import { RECONCILE_SCOPES, type ReconcileResult } from "../../shared/operations.ts";

const moment = (name: string) => timestamp(name, { withTimezone: true, mode: "string" });
const number = (name: string) => bigint(name, { mode: "number" });

/** What reconciliations found. Old runs that matter no more are removed. */
export const reconcileRuns = pgTable("reconcile_runs", {
  id: number("id").primaryKey().generatedAlwaysAsIdentity(),
  scope: text("scope", { enum: RECONCILE_SCOPES }).notNull(),
  /** When the run read its snapshot, by the clock of the database. */
  startedAt: moment("started_at").notNull(),
  seconds: doublePrecision("seconds").notNull(),
  ok: boolean("ok").notNull(),
  checks: jsonb("checks").$type<ReconcileResult["checks"]>().notNull(),
});

/** Up to where each item was checked. */
export const reconcileMarks = pgTable("reconcile_marks", {
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
});

/** One row: when the next run over what is new is due, and up to which time rows without positions were looked at. */
export const reconcileTurns = pgTable("reconcile_turns", {
  isOnly: boolean("is_only").primaryKey().default(true),
  dueAt: moment("due_at").notNull(),
  /** Rises with every turn: a run that took too long finds that it is another's by now. */
  turn: number("turn").notNull().default(0),
  coveredUntil: moment("covered_until").notNull(),
});

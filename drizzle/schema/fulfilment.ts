import { bigint, boolean, integer, jsonb, pgTable, text, timestamp } from "drizzle-orm/pg-core";
import { TASK_EVENTS, TASK_KINDS, TASK_STATUSES } from "../../shared/tasks.ts";

const moment = (name: string) => timestamp(name, { withTimezone: true, mode: "string" });
const number = (name: string) => bigint(name, { mode: "number" });

/** Work that is to take effect exactly once; its states are in `server/tasks/`. */
export const tasks = pgTable("tasks", {
  id: number("id").primaryKey().generatedAlwaysAsIdentity(),
  taskId: text("task_id").notNull(),
  kind: text("kind", { enum: TASK_KINDS }).notNull(),
  payload: jsonb("payload").notNull(),
  /** Of `simulate`: how it is to behave. */
  settings: jsonb("settings").notNull().default({}),
  status: text("status", { enum: TASK_STATUSES }).notNull().default("PENDING"),
  priority: integer("priority").notNull().default(0),
  /** When a worker may claim it: the start, the end of a back-off, or the end of the lease. Null: never by itself. */
  dueAt: moment("due_at"),
  attempts: integer("attempts").notNull().default(0),
  attemptsMax: integer("attempts_max").notNull(),
  backoffMinMs: integer("backoff_min_ms").notNull(),
  backoffMaxMs: integer("backoff_max_ms").notNull(),
  leaseMs: integer("lease_ms").notNull(),
  /** Rises with every transition: whoever holds an older one has lost the lease. */
  version: number("version").notNull().default(0),
  /** Who holds the lease. */
  worker: text("worker"),
  result: jsonb("result"),
  errorMessage: text("error_message"),
  traceId: text("trace_id").notNull(),
  createdAt: moment("created_at").notNull().defaultNow(),
  processedAt: moment("processed_at"),
});

/** Every transition of every task. */
export const taskLog = pgTable("task_log", {
  id: number("id").primaryKey().generatedAlwaysAsIdentity(),
  /** The number of the task, not its `task_id`. */
  task: number("task").notNull(),
  event: text("event", { enum: TASK_EVENTS }).notNull(),
  attempt: integer("attempt").notNull(),
  version: number("version").notNull(),
  worker: text("worker"),
  message: text("message"),
  at: moment("at").notNull().defaultNow(),
});

/** Up to which position the purchases of an item have become tasks. Never on the item itself, whose row is hot. */
export const dispatchCursors = pgTable("dispatch_cursors", {
  itemId: number("item_id").primaryKey(),
  position: number("position").notNull(),
  /** Nothing of the item will ever be sold again, and all that was has its task. */
  isClosed: boolean("is_closed").notNull().default(false),
});

/** When the circuit breaker of a process that calls the warehouse changed its state. */
export const breakerTransitions = pgTable("breaker_transitions", {
  id: number("id").primaryKey().generatedAlwaysAsIdentity(),
  instance: text("instance").notNull(),
  from: text("from_state").notNull(),
  to: text("to_state").notNull(),
  reason: text("reason"),
  at: moment("at").notNull().defaultNow(),
});

/** Faults that were given to the warehouse on purpose; those of one run share its number. */
export const chaosFaults = pgTable("chaos_faults", {
  id: number("id").primaryKey().generatedAlwaysAsIdentity(),
  runId: number("run_id").notNull(),
  fault: text("fault").notNull(),
  settings: jsonb("settings").notNull(),
  startedAt: moment("started_at").notNull().defaultNow(),
  /** When it ends by itself, or was stopped. */
  endsAt: moment("ends_at").notNull(),
  isStopped: boolean("is_stopped").notNull().default(false),
});

import { sql } from "drizzle-orm";
import {
  boolean,
  check,
  customType,
  foreignKey,
  index,
  integer,
  jsonb,
  pgTable,
  text,
  unique,
} from "drizzle-orm/pg-core";
import { TASK_EVENTS, TASK_KINDS, TASK_STATUSES } from "../../shared/tasks.ts";
import { identity, moment, number } from "./columns.ts";
import { items } from "./sales.ts";

/** Letters, digits and signs: found by how they begin, whatever language the database is set to. */
const plainText = customType<{ data: string }>({ dataType: () => 'text COLLATE "C"' });

/**
 * Work that is to take effect exactly once; its states are in `server/tasks/`. Tasks of orders and receipts are stored in
 * the transaction that makes them necessary. Those of purchases are derived from positions: see `dispatchCursors`.
 */
export const tasks = pgTable(
  "tasks",
  {
    id: identity(),
    taskId: plainText("task_id").notNull(),
    kind: text("kind", { enum: TASK_KINDS }).notNull(),
    payload: jsonb("payload").notNull(),
    /** Of `simulate`: how it is to behave. */
    settings: jsonb("settings").notNull().default({}),
    status: text("status", { enum: TASK_STATUSES }).notNull().default("PENDING"),
    priority: integer("priority").notNull().default(0),
    /** When a worker may claim it: the start, the end of a back-off, or the end of the lease. Null: never by itself. */
    dueAt: moment("due_at").default(sql`clock_timestamp()`),
    attempts: integer("attempts").notNull().default(0),
    attemptsMax: integer("attempts_max").notNull().default(10),
    backoffMinMs: integer("backoff_min_ms").notNull().default(500),
    backoffMaxMs: integer("backoff_max_ms").notNull().default(10_000),
    leaseMs: integer("lease_ms").notNull().default(15_000),
    /** Rises with every transition: whoever holds an older one has lost the lease. */
    version: number("version").notNull().default(0),
    /** Who holds the lease. */
    worker: text("worker"),
    result: jsonb("result"),
    errorMessage: text("error_message"),
    traceId: text("trace_id").notNull(),
    createdAt: moment("created_at").notNull().default(sql`clock_timestamp()`),
    processedAt: moment("processed_at"),
  },
  (table) => [
    unique("tasks_one_per_task_id").on(table.taskId),
    check("tasks_kind_known", sql`kind in ('dispatch', 'receive', 'simulate')`),
    check("tasks_status_known", sql`status in ('PENDING', 'PROCESSING', 'COMPLETED', 'FAILED', 'CANCELLED')`),
    check("tasks_attempts_within_max", sql`attempts between 0 and attempts_max`),
    check("tasks_backoff_in_order", sql`0 < backoff_min_ms and backoff_min_ms <= backoff_max_ms`),
    check("tasks_lease_positive", sql`lease_ms > 0`),
    // Whoever processes has a lease, and nobody else does.
    check("tasks_leased_while_processing", sql`(status = 'PROCESSING') = (worker is not null)`),
    check(
      "tasks_due_unless_over",
      sql`case status
        when 'PENDING' then due_at is not null
        when 'PROCESSING' then due_at is not null
        when 'FAILED' then due_at is null or attempts < attempts_max
        else due_at is null
      end`,
    ),
    // What is not over, and what a worker claims next of a kind: the most urgent, then what has waited longest. By kind, so
    // that those that are paused, however many wait, are not looked through for the others.
    index("tasks_open_by_kind")
      .on(table.kind, table.priority.desc().nullsFirst(), table.dueAt, table.id)
      .where(sql`status not in ('COMPLETED', 'CANCELLED')`),
    // Tasks that nobody works on. One of every status would cost each transition of every task an entry.
    index("tasks_set_aside").on(table.status, table.id).where(sql`status in ('FAILED', 'CANCELLED')`),
    // An operator looks for tasks of one kind, newest first, and nearly all tasks dispatch what was sold: without it those of
    // another kind are only found by going through all that ever were. What is sold gets no entry.
    index("tasks_over_of_rare_kinds")
      .on(table.kind, table.id)
      .where(sql`kind <> 'dispatch' and status in ('COMPLETED', 'CANCELLED')`),
  ],
);

/** What nearly all tasks are, which is why the index of the others leaves it out. */
export const COMMON_TASK_KIND = "dispatch";

/** Every transition of every task. Never changed. */
export const taskLog = pgTable(
  "task_log",
  {
    id: identity(),
    /** The number of the task, not its `task_id`. */
    task: number("task").notNull(),
    event: text("event", { enum: TASK_EVENTS }).notNull(),
    attempt: integer("attempt").notNull(),
    version: number("version").notNull(),
    worker: text("worker"),
    message: text("message"),
    at: moment("at").notNull().default(sql`clock_timestamp()`),
  },
  (table) => [
    check(
      "task_log_event_known",
      sql`event in ('submitted', 'duplicate', 'claimed', 'completed', 'failed', 'postponed', 'recovered', 'retried', 'cancelled')`,
    ),
    index("task_log_by_task").on(table.task, table.id),
  ],
);

/**
 * Up to which position the purchases of an item have become tasks. Never on the item itself, whose row is hot. Every item has
 * one from the first moment: made while a crowd buys, it would have to wait for the item's lock.
 */
export const dispatchCursors = pgTable(
  "dispatch_cursors",
  {
    itemId: number("item_id").primaryKey(),
    position: number("position").notNull().default(0),
    /** Nothing of the item will ever be sold again, and all that was has its task. */
    isClosed: boolean("is_closed").notNull().default(false),
  },
  (table) => [
    foreignKey({ name: "dispatch_cursors_of_an_item", columns: [table.itemId], foreignColumns: [items.id] }),
    check("dispatch_cursors_not_negative", sql`position >= 0`),
    index("dispatch_cursors_open").on(table.itemId).where(sql`not is_closed`),
  ],
);

/** When the circuit breaker of a process that calls the warehouse changed its state. */
export const breakerTransitions = pgTable(
  "breaker_transitions",
  {
    id: identity(),
    instance: text("instance").notNull(),
    from: text("from_state").notNull(),
    to: text("to_state").notNull(),
    reason: text("reason"),
    at: moment("at").notNull().default(sql`clock_timestamp()`),
  },
  (table) => [
    check(
      "breaker_transitions_states_known",
      sql`from_state in ('closed', 'half-open', 'open') and to_state in ('closed', 'half-open', 'open')`,
    ),
    index("breaker_transitions_by_instance").on(table.instance, table.id),
  ],
);

/** Faults that were given to the warehouse on purpose; those of one run share its number. */
export const chaosFaults = pgTable(
  "chaos_faults",
  {
    id: identity(),
    runId: number("run_id").notNull(),
    fault: text("fault").notNull(),
    settings: jsonb("settings").notNull(),
    startedAt: moment("started_at").notNull().default(sql`clock_timestamp()`),
    /** When it ends by itself, or was stopped. */
    endsAt: moment("ends_at").notNull(),
    isStopped: boolean("is_stopped").notNull().default(false),
  },
  (table) => [
    check("chaos_faults_known", sql`fault in ('latency', 'errors', 'refuse', 'crash')`),
    check("chaos_faults_end", sql`ends_at >= started_at`),
    index("chaos_faults_by_run").on(table.runId, table.id),
  ],
);

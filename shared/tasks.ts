import { z } from "zod";
import { idempotencyKeySchema, idSchema, pageInputSchema } from "./primitives.ts";

/**
 * `FAILED` with attempts left goes on by itself after a back-off; without, it waits for an operator. `CANCELLED`: what it
 * was for was refunded before it had begun.
 */
export const TASK_STATUSES = ["PENDING", "PROCESSING", "COMPLETED", "FAILED", "CANCELLED"] as const;
export type TaskStatus = (typeof TASK_STATUSES)[number];

/**
 * `dispatch` sends out what a purchase or an order sold, `receive` brings a receipt's units to the warehouse, `simulate`
 * is submitted by people to see the machine work. The first two follow from what happened and cannot be submitted.
 */
export const TASK_KINDS = ["dispatch", "receive", "simulate"] as const;
export type TaskKind = (typeof TASK_KINDS)[number];

/** What happened to a task; each is one row of its log. */
export const TASK_EVENTS = [
  "submitted",
  "duplicate",
  "claimed",
  "completed",
  "failed",
  "postponed",
  "recovered",
  "retried",
  "cancelled",
] as const;
export type TaskEvent = (typeof TASK_EVENTS)[number];

/** Bytes of a payload as JSON. */
export const TASK_PAYLOAD_BYTES_MAX = 64 * 1024;

/** Of a request that submits a task: some writers of JSON make six bytes of one character, or indent. */
export const TASK_BODY_BYTES_MAX = 4 * TASK_PAYLOAD_BYTES_MAX;

/** More than anybody writes, and far below what a program's stack takes. */
export const TASK_PAYLOAD_DEPTH_MAX = 200;

export const TASK_DEFAULTS = {
  attemptsMax: 10,
  backoffMinMs: 500,
  backoffMaxMs: 10_000,
  leaseMs: 15_000,
  /** Of `simulate`: how long the work takes at least and at most, and how often it fails. */
  delayMinMs: 100,
  delayMaxMs: 600,
  failureRate: 0.2,
} as const;

export const taskIdSchema = idempotencyKeySchema
  .refine((id) => id !== "." && id !== "..", 'A task cannot be called "." or "..": no address could end with that')
  .describe("Made when left out");

/**
 * Any JSON that PostgreSQL can store. How deep it is nested is looked at first and without recursion: what looks at the
 * rest recurses. A key named __proto__ is refused, since zod would leave it out without a word.
 */
export const taskPayloadSchema = z
  .unknown()
  .refine((payload) => depthOf(payload) <= TASK_PAYLOAD_DEPTH_MAX, {
    error: `A payload is nested at most ${TASK_PAYLOAD_DEPTH_MAX} levels deep`,
    abort: true,
  })
  .refine((payload) => !hasProtoKey(payload), {
    error: 'A payload cannot hold a key named "__proto__"',
    abort: true,
  })
  .pipe(z.json())
  .refine(
    (payload) => !UNSTORABLE.test(JSON.stringify(payload)),
    "A payload cannot hold the character U+0000 or half of a character",
  )
  .refine(
    (payload) => new TextEncoder().encode(JSON.stringify(payload)).length <= TASK_PAYLOAD_BYTES_MAX,
    `A payload is at most ${TASK_PAYLOAD_BYTES_MAX} bytes of JSON`,
  );

/** U+0000 and lone surrogates as JSON.stringify writes them; an escaped backslash before them makes them plain text. */
const UNSTORABLE = /(?<!\\)(?:\\\\)*\\u(?:0000|d[89a-f])/;

function depthOf(payload: unknown): number {
  let depth = 0;
  for (const _ of levelsOf(payload)) {
    if (++depth > TASK_PAYLOAD_DEPTH_MAX) break;
  }
  return depth;
}

/** `JSON.parse` makes it a key like any other. */
function hasProtoKey(payload: unknown): boolean {
  for (const level of levelsOf(payload)) {
    if (level.some((value) => typeof value === "object" && value !== null && Object.hasOwn(value, "__proto__")))
      return true;
  }
  return false;
}

/** A value; then what it holds; then what that holds. */
function* levelsOf(payload: unknown): Generator<unknown[]> {
  for (let level = [payload]; level.length > 0; ) {
    yield level;
    level = level.flatMap((value) => (typeof value === "object" && value !== null ? Object.values(value) : []));
  }
}

export const submitTaskInputSchema = z
  .strictObject({
    taskId: taskIdSchema.optional(),
    kind: z
      .literal("simulate", "Only tasks of the kind simulate can be submitted; the others follow from sales")
      .default("simulate"),
    payload: taskPayloadSchema.default(null),
    delayMs: z
      .int()
      .min(0)
      .max(60_000)
      .optional()
      .describe("How long the work takes; 100 to 600 ms at random when left out"),
    failureRate: z.number().min(0).max(1).default(TASK_DEFAULTS.failureRate).describe("How often an attempt fails"),
    priority: z.int().min(-1_000).max(1_000).default(0).describe("The higher ones first"),
    runAfterMs: z
      .int()
      .min(0)
      .max(7 * 24 * 3_600_000)
      .default(0)
      .describe("How long the first attempt waits"),
    attemptsMax: z.int().min(1).max(100).default(TASK_DEFAULTS.attemptsMax),
    backoffMinMs: z
      .int()
      .min(1)
      .max(3_600_000)
      .optional()
      .describe(`${TASK_DEFAULTS.backoffMinMs} when left out, or backoffMaxMs where that is less`),
    backoffMaxMs: z.int().min(1).max(3_600_000).default(TASK_DEFAULTS.backoffMaxMs),
    leaseMs: z.int().min(1_000).max(600_000).default(TASK_DEFAULTS.leaseMs),
  })
  .transform(({ backoffMinMs, ...input }) => ({
    ...input,
    backoffMinMs: backoffMinMs ?? Math.min(TASK_DEFAULTS.backoffMinMs, input.backoffMaxMs),
  }))
  .refine(({ backoffMinMs, backoffMaxMs }) => backoffMinMs <= backoffMaxMs, {
    path: ["backoffMaxMs"],
    error: "The longest back-off cannot be shorter than the shortest",
  });
export type SubmitTaskInput = z.infer<typeof submitTaskInputSchema>;

/** A task as it stands. Times are ISO 8601 in UTC. */
export const taskSchema = z.object({
  id: idSchema,
  taskId: z.string(),
  kind: z.enum(TASK_KINDS),
  status: z.enum(TASK_STATUSES),
  version: z.int().describe("Rises with every transition"),
  attempts: z.int(),
  attemptsMax: z.int(),
  payload: z.json(),
  result: z.json().describe("Null until it is completed"),
  errorMessage: z.string().nullable().describe("Why the last attempt failed"),
  duplicate: z.boolean().describe("Whether the answer is a task that was there before, or one that is running already"),
  createdAt: z.string(),
  processedAt: z.string().nullable().describe("When its last attempt ended"),
  dueAt: z.string().nullable().describe("When it is claimed next: its start, the end of its back-off or of its lease"),
  priority: z.int(),
  worker: z.string().nullable().describe("Who holds it, while it is being processed"),
  traceId: z.string().describe("The same in the logs of shop, worker and warehouse"),
});
export type Task = z.infer<typeof taskSchema>;

export const taskLogEntrySchema = z.object({
  event: z.enum(TASK_EVENTS),
  attempt: z.int(),
  version: z.int(),
  worker: z.string().nullable(),
  message: z.string().nullable(),
  at: z.string(),
});
export type TaskLogEntry = z.infer<typeof taskLogEntrySchema>;

/** One task alone, with all that happened to it, oldest first. */
export const taskWithLogSchema = taskSchema.extend({ log: z.array(taskLogEntrySchema) });
export type TaskWithLog = z.infer<typeof taskWithLogSchema>;

export const listTasksInputSchema = pageInputSchema
  .extend({
    status: z.enum(TASK_STATUSES).optional(),
    kind: z.enum(TASK_KINDS).optional(),
    taskId: idempotencyKeySchema.optional().describe("The beginning of the id"),
  })
  .prefault({});
export type ListTasksInput = z.infer<typeof listTasksInputSchema>;

export const taskIdInputSchema = z.strictObject({ taskId: idempotencyKeySchema });

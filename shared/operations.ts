import { z } from "zod";
import { idSchema } from "./primitives.ts";

/** What `operations.reconcile` found: every invariant with a sentence about it; `ok` when all of them hold. */
export const reconcileResultSchema = z.object({
  ok: z.boolean(),
  checks: z.array(z.object({ name: z.string(), ok: z.boolean(), detail: z.string() })),
});
export type ReconcileResult = z.infer<typeof reconcileResultSchema>;

/** What a run looked at: everything that is stored, or what is new since the run before. */
export const RECONCILE_SCOPES = ["full", "new"] as const;
export type ReconcileScope = (typeof RECONCILE_SCOPES)[number];

const reconcileRunSchema = reconcileResultSchema.extend({
  scope: z.enum(RECONCILE_SCOPES),
  startedAt: z.string(),
  seconds: z.number(),
});
export type ReconcileRun = z.infer<typeof reconcileRunSchema>;

/** `operations.reconcileState`: whether anything is known to be wrong, and the runs that say so. */
export const reconcileStateSchema = z.object({
  /**
   * False from the first run that found something broken until a full run checks the same and finds nothing: what is new an
   * hour later says nothing about what was broken then.
   */
  ok: z.boolean(),
  /** The latest run that found something broken, with no such full run after it; null while `ok`. */
  broken: reconcileRunSchema.nullable(),
  /** Null before the first. */
  lastFull: reconcileRunSchema.nullable(),
  lastNew: reconcileRunSchema.nullable(),
});
export type ReconcileState = z.infer<typeof reconcileStateSchema>;

/**
 * Faults that the warehouse can be given on purpose. `latency`: it answers late. `errors`: it answers 503 to a share of
 * the calls, before any work. `refuse`: it cuts connections. `crash`: its process ends after a commit and before the
 * answer, once; it is started again.
 */
export const CHAOS_FAULTS = ["latency", "errors", "refuse", "crash"] as const;
export type ChaosFault = (typeof CHAOS_FAULTS)[number];

export const CHAOS_LATENCY_MS = 3_000;
export const CHAOS_DURATION_MS = 30_000;
export const CHAOS_DURATION_MS_MAX = 600_000;

/** `operations.chaos`: `start` a fault until it ends by itself, or `stop` one, or all of them at once. */
export const chaosInputSchema = z.discriminatedUnion("action", [
  z.strictObject({
    action: z.literal("start"),
    fault: z.enum(CHAOS_FAULTS),
    durationMs: z.int().min(1_000).max(CHAOS_DURATION_MS_MAX).default(CHAOS_DURATION_MS),
    latencyMs: z.int().min(1).max(60_000).default(CHAOS_LATENCY_MS).describe("Of latency"),
    rate: z.number().gt(0).max(1).default(1).describe("Of latency, errors and refuse: the share of calls"),
  }),
  z.strictObject({ action: z.literal("stop"), fault: z.enum(CHAOS_FAULTS).optional().describe("All when left out") }),
]);
export type ChaosInput = z.infer<typeof chaosInputSchema>;
/** As it is sent: what has a default may be left out. */
export type ChaosRequest = z.input<typeof chaosInputSchema>;

/** Faults that are on now. Times are ISO 8601 in UTC. */
export const chaosStateSchema = z.object({
  /** Whether faults may be switched on here: not in production unless allowed by name. */
  allowed: z.array(z.enum(CHAOS_FAULTS)),
  active: z.array(
    z.object({
      fault: z.enum(CHAOS_FAULTS),
      until: z.string(),
      latencyMs: z.int().nullable(),
      rate: z.number(),
    }),
  ),
});
export type ChaosState = z.infer<typeof chaosStateSchema>;

/**
 * `operations.verdict`: what the latest run of chaos did, from its first fault on; null when there was none. It counts the
 * dispatches that were open at its start or came after it, and compares them, one by one, with what the warehouse says
 * that it did.
 */
export const verdictSchema = z.object({
  runId: idSchema,
  startedAt: z.string(),
  /** When the last fault ended or will end. */
  endsAt: z.string(),
  faults: z.array(z.enum(CHAOS_FAULTS)),
  /** Null while the warehouse cannot be asked. */
  counts: z
    .object({
      /** Dispatches that are looked at. */
      tasks: z.int(),
      dispatched: z.int(),
      refused: z.int(),
      cancelled: z.int(),
      waiting: z.int(),
      /** Completed here, unknown to the warehouse. */
      lost: z.int(),
      /** Taken from the stock more than once or in another number. */
      doubled: z.int(),
    })
    .nullable(),
  /** Whether there were more dispatches than are looked at; those that are left out are the latest. */
  isPartial: z.boolean(),
  /** From the end of the last fault until nothing that was waiting then was waiting any more; null until then. */
  recoveredAfterMs: z.int().nullable(),
  /** Whether on hand = inventory + remaining + sold and not dispatched, product by product; null while it cannot be asked. */
  agrees: z.boolean().nullable(),
});
export type Verdict = z.infer<typeof verdictSchema>;

/** `operations.metrics`: the numbers behind the console's charts, over the last minutes; the newest point last. */
export const metricsSchema = z.object({
  at: z.string(),
  /** Seconds between two points. */
  stepSeconds: z.int(),
  points: z.array(
    z.object({
      at: z.string(),
      purchased: z.int(),
      refused: z.int(),
      tasksCompleted: z.int(),
      tasksFailed: z.int(),
      /** What a worker has still to do. */
      tasksOpen: z.int(),
    }),
  ),
  tasks: z.object({
    byStatus: z.record(z.string(), z.int()),
    /** Of those that are FAILED: without attempts left, so that no worker goes on with them until an operator says so. */
    needOperator: z.int(),
    /** Seconds that the oldest open one has waited; 0 when none is open. */
    oldestOpenSeconds: z.number(),
  }),
});
export type Metrics = z.infer<typeof metricsSchema>;

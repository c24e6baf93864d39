import { z } from "zod";
import { FAULT_CODES } from "./faults.ts";
import { reconcileResultSchema } from "./operations.ts";
import { idSchema, pageInputSchema, uuidSchema } from "./primitives.ts";
import { REFUSAL_CODES } from "./refusals.ts";

/**
 * A rehearsal: a clone of a sale in a store of its own, bought by a synthetic crowd through the real path. Nothing of the
 * real store changes but its row in `rehearsals` and what the audit log says.
 */

/**
 * How buyers arrive over the time that they are given. `rush`: half of them within the first seventh, as when a countdown
 * ends. `steady`: evenly. `waves`: half in a rush at the start, half in another one in the middle, as after a reminder.
 */
export const ARRIVAL_CURVES = ["rush", "steady", "waves"] as const;
export type ArrivalCurve = (typeof ARRIVAL_CURVES)[number];

export const CROWD_BUYERS_MAX = 100_000;
export const CROWD_SECONDS_MAX = 600;
export const CROWD_BOTS_MAX = 1_000;

const percent = z.int().min(0).max(100);

/** A crowd's size and temper. */
export const crowdSchema = z.strictObject({
  buyers: z.int().min(1).max(CROWD_BUYERS_MAX),
  /** How long it takes until all of them have come. */
  seconds: z.int().min(1).max(CROWD_SECONDS_MAX).default(30),
  arrival: z.enum(ARRIVAL_CURVES).default("rush"),
  /** The share of clicks that are sent twice at once, with one key. */
  doubleClickPercent: percent.default(5),
  /** How often somebody who was refused clicks again: another item where there is one, with a new key. */
  retries: z.int().min(0).max(10).default(1),
  /** The share of requests whose answer never arrives; the buyer asks again with the same key. */
  lostAnswerPercent: percent.default(2),
  /** Units in each click. */
  unitsEach: z.int().min(1).max(100).default(1),
  /** Programs that click as fast as they are answered, besides the buyers. */
  bots: z.int().min(0).max(CROWD_BOTS_MAX).default(0),
});
export type Crowd = z.infer<typeof crowdSchema>;

/** `operations.rehearse`. */
export const rehearseInputSchema = z.strictObject({
  saleId: idSchema,
  crowd: crowdSchema,
  /** Whether it is then measured how many purchases a second this machine can carry: some ten seconds at full load. */
  measureCapacity: z.boolean().default(true),
  /** Whether it may take place while a real sale is live or about to begin, which it slows down. */
  besideRealSales: z.boolean().default(false),
});
export type RehearseInput = z.infer<typeof rehearseInputSchema>;

export const rehearsalIdInputSchema = z.strictObject({ rehearsalId: idSchema });

export const listRehearsalsInputSchema = pageInputSchema.extend({ saleId: idSchema.optional() }).prefault({});
export type ListRehearsalsInput = z.infer<typeof listRehearsalsInputSchema>;

/**
 *     preparing ──▶ selling ──▶ measuring ──▶ checking ──▶ done
 *         │            │            │                        ▲
 *         └────────────┴────────────┴──▶ stopped, failed     └── selling, when nothing is to be measured
 */
export const REHEARSAL_STATES = ["preparing", "selling", "measuring", "checking", "done", "stopped", "failed"] as const;
export type RehearsalState = (typeof REHEARSAL_STATES)[number];

/** How far a rehearsal is. */
export const rehearsalProgressSchema = z.object({
  /** Of the whole, from 0 to 1. */
  share: z.number(),
  /** Buyers who have come. */
  arrived: z.int(),
  answers: z.int(),
  unitsSold: z.int(),
  unitsAllotted: z.int(),
});
export type RehearsalProgress = z.infer<typeof rehearsalProgressSchema>;

/** What was answered in one second after the opening. */
export const rehearsalPointSchema = z.object({
  second: z.int(),
  /** Requests that were due. */
  sent: z.int(),
  purchased: z.int(),
  refused: z.int(),
  /** Answers without a decision: crowded, too many requests, broken. */
  faults: z.int(),
  p50Ms: z.number(),
  p99Ms: z.number(),
});
export type RehearsalPoint = z.infer<typeof rehearsalPointSchema>;

/** What buyers did and heard. A request is one try; a click is all tries under one key. */
export const crowdResultSchema = z.object({
  clicks: z.int(),
  requests: z.int(),
  answers: z.int(),
  /** Clicks by what was decided. */
  purchased: z.int(),
  unitsBought: z.int(),
  paidCents: z.int(),
  refusals: z.partialRecord(z.enum(REFUSAL_CODES), z.int()),
  /** Answers without a decision, by code; each was followed by another try. */
  faults: z.partialRecord(z.enum(FAULT_CODES), z.int()),
  doubleClicks: z.int(),
  /** Requests whose answer never arrived. */
  lostAnswers: z.int(),
  /** Clicks whose first answers never arrived and whose outcome was learned by asking again. */
  resolved: z.int(),
  /** Clicks whose outcome nobody learned. */
  unresolved: z.int(),
  /** Clicks that were given two different decisions. */
  contradictions: z.int(),
  p50Ms: z.number(),
  p99Ms: z.number(),
  maxMs: z.number(),
  points: z.array(rehearsalPointSchema),
});
export type CrowdResult = z.infer<typeof crowdResultSchema>;

/** What was bought a second by so many connections, each of which sends its next purchase when the last is answered. */
const capacityStepSchema = z.object({ connections: z.int(), perSecond: z.number(), p99Ms: z.number() });
export type CapacityStep = z.infer<typeof capacityStepSchema>;

export const rehearsalReportSchema = z.object({
  wentWell: z.boolean(),
  /** In one sentence. */
  verdict: z.string(),
  unitsAllotted: z.int(),
  unitsSold: z.int(),
  /** From the opening to the last unit, by the database's clock; null where units are left. */
  soldOutAfterMs: z.int().nullable(),
  crowd: crowdResultSchema,
  /** Units sold beyond what there was. */
  oversold: z.int(),
  /** Purchases in the store that no buyer was told of. */
  doubleCharges: z.int(),
  /** Null where it was not measured. */
  capacity: z
    .object({
      /** The most that was carried with 99 % of answers within `p99BoundMs`; null where nothing was. */
      best: capacityStepSchema.nullable(),
      p99BoundMs: z.int(),
      steps: z.array(capacityStepSchema),
    })
    .nullable(),
  reconcile: reconcileResultSchema,
  /** Of all its cores, while the crowd bought: the share that was busy, and what the shop's process took in cores. */
  cpu: z.object({ busyShare: z.number(), shopCores: z.number() }),
  machine: z.object({
    cores: z.int(),
    cpu: z.string(),
    memoryGb: z.number(),
    node: z.string(),
    postgres: z.string(),
  }),
});
export type RehearsalReport = z.infer<typeof rehearsalReportSchema>;

/** A rehearsal without its report. Times are ISO 8601 in UTC. */
export const rehearsalSchema = z.object({
  id: idSchema,
  saleId: idSchema,
  saleName: z.string(),
  startedBy: uuidSchema,
  state: z.enum(REHEARSAL_STATES),
  crowd: crowdSchema,
  measureCapacity: z.boolean(),
  startedAt: z.string(),
  /** Null while it runs. */
  endedAt: z.string().nullable(),
  progress: rehearsalProgressSchema,
  /** Null while it runs, and where it ended before there was anything to tell. */
  wentWell: z.boolean().nullable(),
  /** What came of it, or why it ended, in one sentence; null while it runs. */
  verdict: z.string().nullable(),
});
export type Rehearsal = z.infer<typeof rehearsalSchema>;

/** `operations.rehearsal`: one of them with its report. */
export interface RehearsalWithReport extends Rehearsal {
  readonly report: RehearsalReport | null;
}

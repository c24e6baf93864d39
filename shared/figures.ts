import { z } from "zod";
import { idSchema } from "./primitives.ts";
import { REFUSAL_CODES } from "./refusals.ts";
import { SALE_STATUSES } from "./sales.ts";

/* What operators watch while a sale runs: `figures.watch`. */

/** Attempts by what became of them: the lines of the chart. `refused` is every refusal but for want of stock. */
export const OUTCOME_GROUPS = ["purchased", "soldOut", "refused"] as const;
export type OutcomeGroup = (typeof OUTCOME_GROUPS)[number];

/** Of the process that answers, which is one of as many as there are starts. Since its own start. */
const serverFiguresSchema = z.object({
  name: z.string(),
  /** Requests to buy that wait, in all queues. */
  waiting: z.int(),
  /** In the longest of them. */
  longest: z.int(),
  /** Open streams of live stock. */
  viewers: z.int(),
  /** Of the requests to buy that were answered in the last seconds; null where there were none. */
  p50Ms: z.number().nullable(),
  p99Ms: z.number().nullable(),
});
export type ServerFigures = z.infer<typeof serverFiguresSchema>;

const itemFiguresSchema = z.object({
  id: idSchema,
  name: z.string(),
  allotted: z.int(),
  remaining: z.int(),
  /** Sold, what was given back later included. */
  soldUnits: z.int(),
  takenCents: z.int(),
  /** Asked for when there was not enough left; who asks again counts again. */
  unmetUnits: z.int(),
  /** How many were left at the end of each point; empty for the items that sold least, where there are many. */
  left: z.array(z.int()),
});
export type ItemFigures = z.infer<typeof itemFiguresSchema>;

/** One update: everything that there is to show. Times are ISO 8601 in UTC, by the clock of the database. */
export const saleFiguresSchema = z.object({
  saleId: idSchema,
  /** Rises with every update, whichever process answers. */
  version: z.int(),
  at: z.string(),
  name: z.string(),
  status: z.enum(SALE_STATUSES),
  startsAt: z.string(),
  endsAt: z.string(),
  currency: z.string(),
  /** Attempts that were decided, and how many a second in the last ones. */
  attempts: z.record(z.enum(OUTCOME_GROUPS), z.int()),
  perSecond: z.record(z.enum(OUTCOME_GROUPS), z.number()),
  /** By reason, the most frequent first. */
  refusals: z.array(z.object({ code: z.enum(REFUSAL_CODES), attempts: z.int() })),
  soldUnits: z.int(),
  takenCents: z.int(),
  /** Of what was taken, given back. */
  refundedCents: z.int(),
  unmetUnits: z.int(),
  items: z.array(itemFiguresSchema),
  /** What the chart shows: points of so many seconds each, from a time on; all of them complete. */
  points: z.object({
    from: z.string(),
    stepSeconds: z.int(),
    attempts: z.record(z.enum(OUTCOME_GROUPS), z.array(z.int())),
  }),
  /** False where so much is not counted yet that some is missing: the worker is behind. */
  isComplete: z.boolean(),
  server: serverFiguresSchema,
});
export type SaleFigures = z.infer<typeof saleFiguresSchema>;

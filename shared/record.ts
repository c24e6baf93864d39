import { z } from "zod";
import { auditEntrySchema, listAuditInputSchema } from "./audit.ts";
import { ORDER_STATUSES, orderRecordSchema, orderSchema } from "./orders.ts";
import { idempotencyKeySchema, idSchema, pageInputSchema, timestampSchema, uuidSchema } from "./primitives.ts";
import { REFUSAL_CODES, type RefusalCode } from "./refusals.ts";
import { taskWithLogSchema } from "./tasks.ts";
import { inventoryUpdateSchema } from "./warehouse.ts";

/*
 * The record: everything that was ever decided, paid, given back and changed, for operators and auditors. Filters hold
 * together; everything comes newest first. The exports take the same filters as the lists.
 */

const period = {
  /** From this time on. */
  from: timestampSchema.optional(),
  /** Before this time. */
  to: timestampSchema.optional(),
};

export const ATTEMPT_OUTCOMES = ["bought", "refused", ...REFUSAL_CODES] as const;
export type AttemptOutcome = "bought" | "refused" | RefusalCode;

const attemptFilterSchema = z.strictObject({
  userId: uuidSchema.optional(),
  saleId: idSchema.optional(),
  itemId: idSchema.optional(),
  /** `refused`: for whatever reason. */
  outcome: z.enum(ATTEMPT_OUTCOMES).optional(),
  ...period,
});
export type AttemptFilter = z.infer<typeof attemptFilterSchema>;

const orderFilterSchema = z.strictObject({
  userId: uuidSchema.optional(),
  productId: idSchema.optional(),
  status: z.enum(ORDER_STATUSES).optional(),
  ...period,
});
export type OrderFilter = z.infer<typeof orderFilterSchema>;

const refundFilterSchema = z.strictObject({
  userId: uuidSchema.optional(),
  saleId: idSchema.optional(),
  itemId: idSchema.optional(),
  ...period,
});
export type RefundFilter = z.infer<typeof refundFilterSchema>;

export const CREDIT_KINDS = ["opening", "top_up", "credit"] as const;
export type CreditKind = (typeof CREDIT_KINDS)[number];

const creditFilterSchema = z.strictObject({
  userId: uuidSchema.optional(),
  kind: z.enum(CREDIT_KINDS).optional(),
  ...period,
});
export type CreditFilter = z.infer<typeof creditFilterSchema>;

const movementFilterSchema = z.strictObject({ userId: uuidSchema.optional(), ...period });
export type MovementFilter = z.infer<typeof movementFilterSchema>;

const { cursor, limit, direction, ...changeFilter } = listAuditInputSchema.unwrap().shape;

/** A name of the IANA time zone database. An offset is none: databases read its sign the other way round. */
const zoneSchema = z
  .string()
  .regex(/^[A-Za-z][\w+\-/]{0,60}$/)
  .refine(isZone, "A time zone by its name, for example Europe/Berlin");

function isZone(timeZone: string): boolean {
  try {
    return Boolean(new Intl.DateTimeFormat("en", { timeZone }));
  } catch {
    return false;
  }
}

const daySchema = z.iso.date().refine((day) => /^2\d{3}-/.test(day), "A day from the year 2000 on");

/** Days that a summary may be of. */
export const SUMMARY_DAYS_MAX = 366;

export const summaryFilterSchema = z
  .strictObject({
    /** The first day, in the time zone. */
    first: daySchema,
    /** The last day, which belongs to it. */
    last: daySchema,
    zone: zoneSchema.default("UTC"),
    /** Purchases of one sale, and their refunds, alone. */
    saleId: idSchema.optional(),
  })
  .refine(({ first, last }) => first <= last, { path: ["last"], error: "The last day cannot be before the first" })
  .refine(({ first, last }) => Date.parse(last) - Date.parse(first) < SUMMARY_DAYS_MAX * 24 * 3_600_000, {
    path: ["last"],
    error: `A summary is of ${SUMMARY_DAYS_MAX} days at most`,
  });
export type SummaryFilter = z.output<typeof summaryFilterSchema>;

/** What each file of the record, and the list that it is made of, may be filtered by. */
export const RECORD_FILTERS = {
  attempts: attemptFilterSchema,
  orders: orderFilterSchema,
  refunds: refundFilterSchema,
  credits: creditFilterSchema,
  movements: movementFilterSchema,
  changes: z.strictObject(changeFilter),
  "summary-by-day": summaryFilterSchema,
  "summary-by-item": summaryFilterSchema,
} as const;

export type RecordKind = keyof typeof RECORD_FILTERS;

/** What a list of the record is asked with. */
export type Asked<Filter> = Filter & Pick<z.output<typeof pageInputSchema>, "cursor" | "limit">;

function listed<Shape extends z.core.$ZodLooseShape>(filter: z.ZodObject<Shape>) {
  return pageInputSchema.extend(filter.shape).prefault({} as never);
}

export const listAttemptsInputSchema = listed(attemptFilterSchema);
export const listRecordedOrdersInputSchema = listed(orderFilterSchema);
export const listRefundsInputSchema = listed(refundFilterSchema);
export const listCreditsInputSchema = listed(creditFilterSchema);

/** Whose it is, for people who look. */
const person = { userId: uuidSchema, email: z.string() };

/** One key's decision. Times are ISO 8601 in UTC, money is in minor units. */
const attemptRecordSchema = z.object({
  ...person,
  /** Of a purchase: its own id. */
  attemptId: uuidSchema,
  /** As it is kept: see `PurchaseRecord`. */
  idempotencyKey: z.string(),
  saleId: idSchema,
  saleName: z.string(),
  itemId: idSchema,
  itemName: z.string(),
  quantity: z.int(),
  decidedAt: z.string(),
  outcome: z.union([z.literal("bought"), z.enum(REFUSAL_CODES)]),
  /** The sentence that the buyer was given; null where they bought. */
  refusalMessage: z.string().nullable(),
  /** These are null where it was refused. */
  amountCents: z.int().nullable(),
  balanceCents: z.int().nullable(),
  remaining: z.int().nullable(),
  position: z.int().nullable(),
  /** When it was given back; null where it was not. */
  refundedAt: z.string().nullable(),
});
export type AttemptRecord = z.infer<typeof attemptRecordSchema>;

const recordedOrderSchema = orderSchema
  .pick({ orderId: true, status: true, amountCents: true, currency: true, placedAt: true, refundedAt: true })
  .extend({
    ...person,
    idempotencyKey: z.string(),
    /** The wallet's balance right after it was paid. */
    balanceCents: z.int(),
    /** Of all lines. */
    units: z.int(),
    /** For example `2 × Lamp, 1 × Cup`. */
    contents: z.string(),
  });
export type RecordedOrder = z.infer<typeof recordedOrderSchema>;

/** Of a purchase or of an order: one of `purchaseId` and `orderId` is null. */
const refundRecordSchema = z.object({
  ...person,
  refundId: uuidSchema,
  purchaseId: uuidSchema.nullable(),
  orderId: idSchema.nullable(),
  itemId: idSchema.nullable(),
  /** The item's name, or `Order 3`. */
  what: z.string(),
  amountCents: z.int(),
  balanceCents: z.int(),
  /** False where the goods were on their way already: then only the money went back. */
  unitsReturned: z.boolean(),
  reason: z.string().nullable(),
  /** The operator; null where the shop itself gave back what the warehouse refused. */
  actorId: uuidSchema.nullable(),
  refundedAt: z.string(),
});
export type RefundRecord = z.infer<typeof refundRecordSchema>;

const creditRecordSchema = z.object({
  ...person,
  creditId: uuidSchema,
  kind: z.enum(CREDIT_KINDS),
  amountCents: z.int(),
  balanceCents: z.int(),
  reason: z.string(),
  /** Who asked for it: the buyer of a top-up, the operator of a credit; null for an opening balance. */
  actorId: uuidSchema.nullable(),
  creditedAt: z.string(),
});
export type CreditRecord = z.infer<typeof creditRecordSchema>;

/** One name of what is to be explained; a key belongs to its buyer. */
export const pathInputSchema = z.union(
  [
    z.strictObject({ userId: uuidSchema, idempotencyKey: idempotencyKeySchema }),
    z.strictObject({ purchaseId: uuidSchema }),
    z.strictObject({ orderId: idSchema }),
    z.strictObject({ taskId: idempotencyKeySchema }),
  ],
  { error: "Say what it is about: a userId and an idempotencyKey, a purchaseId, an orderId or a taskId" },
);
export type PathInput = z.infer<typeof pathInputSchema>;

/** What became of one key, from the request to the dispatch, with what else its buyer asked for near that time. */
const keyPathSchema = z.object({
  user: z.object({ id: uuidSchema, name: z.string(), email: z.string(), active: z.boolean() }),
  /** A purchase or a refused attempt; null where it is an order. */
  attempt: attemptRecordSchema.nullable(),
  order: orderRecordSchema.nullable(),
  /** When the attempt's sale was cancelled, where it was. */
  saleCancelledAt: z.string().nullable(),
  /** When the shop took the request; null where that is not kept. */
  requestedAt: z.string().nullable(),
  /** Null where nothing was charged. */
  charge: z
    .object({ at: z.string(), amountCents: z.int(), balanceBeforeCents: z.int(), balanceAfterCents: z.int() })
    .nullable(),
  refund: refundRecordSchema.nullable(),
  /** What dispatches it, with all that happened to it; null before it is made, and where there is nothing to dispatch. */
  task: taskWithLogSchema.nullable(),
  /** What the warehouse took for it; null where the warehouse could not be asked. */
  warehouse: z.array(inventoryUpdateSchema).nullable(),
  /** What was done to it and to its task, by whom, newest first. */
  changes: z.array(auditEntrySchema),
  /** Of the same buyer, for the same products, within a day before and after; newest first. */
  others: z.object({ attempts: z.array(attemptRecordSchema), orders: z.array(recordedOrderSchema) }),
});
export type KeyPath = z.infer<typeof keyPathSchema>;

/** How often, how many units, how much money in minor units. */
const sumSchema = z.object({ count: z.int(), units: z.int(), cents: z.int() });
export type Sum = z.infer<typeof sumSchema>;

const soldSchema = z.object({
  /** Purchases and orders. */
  sold: sumSchema,
  /** Refunds of both. */
  refunded: sumSchema,
  /** Sold without what was given back. */
  netCents: z.int(),
});

/** What moved in a period, by day and by what was sold. Both add up to the same, and to the ledger. */
const summarySchema = z.object({
  currency: z.string(),
  /** Days on which something moved, in order. */
  days: z.array(
    soldSchema.extend({ day: z.string(), openingCents: z.int(), topUpCents: z.int(), creditCents: z.int() }),
  ),
  /** Items of sales, by sale, then products of the catalogue, whose sale and item are null. */
  items: z.array(
    soldSchema.extend({
      saleId: idSchema.nullable(),
      saleName: z.string().nullable(),
      /** Tells sales of one name apart. */
      saleStartsAt: z.string().nullable(),
      itemId: idSchema.nullable(),
      productId: idSchema,
      name: z.string(),
    }),
  ),
  total: soldSchema.extend({ openingCents: z.int(), topUpCents: z.int(), creditCents: z.int() }),
});
export type Summary = z.infer<typeof summarySchema>;
export type SummaryDay = Summary["days"][number];
export type SummaryItem = Summary["items"][number];

import { z } from "zod";
import { idempotencyKeySchema, idSchema, pageInputSchema, reasonSchema, uuidSchema } from "./primitives.ts";
import { REFUSAL_CODES } from "./refusals.ts";

/** Units of one item that a single purchase may ask for. */
export const PURCHASE_QUANTITY_MAX = 1_000;

export const buyInputSchema = z.strictObject({
  itemId: idSchema,
  quantity: z.int().min(1).max(PURCHASE_QUANTITY_MAX).default(1),
  idempotencyKey: idempotencyKeySchema,
});
export type BuyInput = z.infer<typeof buyInputSchema>;

export const purchasedSchema = z
  .object({
    outcome: z.literal("purchased"),
    purchaseId: uuidSchema,
    itemId: idSchema,
    quantity: z.int(),
    /** What was charged: quantity × the item's price, in minor units. */
    amountCents: z.int(),
    /** The wallet's balance right after this purchase. */
    balanceCents: z.int(),
    /** Units of the item for sale right after this purchase. */
    remaining: z.int(),
    /** Which purchase of the item this is, counted from 1 without gaps, whatever the quantities. */
    position: z.int(),
    /** True when this answer was stored by an earlier request with the same key. */
    replayed: z.boolean(),
  })
  .meta({ id: "Purchased" });

export const refusedSchema = z
  .object({
    outcome: z.literal("refused"),
    code: z.enum(REFUSAL_CODES),
    message: z.string(),
    replayed: z.boolean(),
  })
  .meta({ id: "Refused" });

/** The answer to a purchase: a decision, never an exception. A replay equals the first answer but for `replayed`. */
const purchaseResultSchema = z.discriminatedUnion("outcome", [purchasedSchema, refusedSchema]);
export type PurchaseResult = z.infer<typeof purchaseResultSchema>;
export type Purchased = z.infer<typeof purchasedSchema>;
export type Refused = z.infer<typeof refusedSchema>;

/**
 * Where a purchase is: `paid` until its dispatch begins, `dispatching` until the warehouse has answered, then `dispatched`, or
 * `rejected` where it cannot send it, and the money is back. `refunded`: an operator gave the money back.
 */
export const PURCHASE_STATUSES = ["paid", "dispatching", "dispatched", "rejected", "refunded"] as const;
export type PurchaseStatus = (typeof PURCHASE_STATUSES)[number];

/** One of a buyer's own purchases. Times are ISO 8601 in UTC. */
const purchaseSchema = z.object({
  purchaseId: uuidSchema,
  saleId: idSchema,
  itemId: idSchema,
  itemName: z.string(),
  imageUrl: z.string().nullable(),
  quantity: z.int(),
  amountCents: z.int(),
  balanceCents: z.int(),
  position: z.int(),
  status: z.enum(PURCHASE_STATUSES),
  purchasedAt: z.string(),
  refundedAt: z.string().nullable(),
  /** Why it was rejected, in words for the buyer. */
  rejectedBecause: z.string().nullable(),
  /** Why it was refunded, in words for the buyer. */
  refundedBecause: z.string().nullable(),
});
export type Purchase = z.infer<typeof purchaseSchema>;

export const purchaseIdInputSchema = z.strictObject({ purchaseId: uuidSchema });

/** A purchase as operators see it. */
const purchaseRecordSchema = purchaseSchema.extend({
  userId: uuidSchema,
  /**
   * Which intent of the buyer's it was: one key, one purchase. As it is kept: a UUID as it was sent, as ours are; any other key
   * as the UUID of version 8 that is made of it. The filter takes keys as they were sent.
   */
  idempotencyKey: z.string(),
  /** The operator who refunded it; null where nobody did, or the system itself. */
  refundedBy: uuidSchema.nullable(),
});
export type PurchaseRecord = z.infer<typeof purchaseRecordSchema>;

/** Filters hold together. What no index would find is not looked for. */
export const listPurchasesInputSchema = pageInputSchema
  .extend({
    userId: uuidSchema.optional(),
    itemId: idSchema.optional(),
    purchaseId: uuidSchema.optional(),
    /** Belongs to its buyer: with `userId`. */
    idempotencyKey: idempotencyKeySchema.optional(),
  })
  .refine(({ userId, itemId, purchaseId }) => (userId ?? itemId ?? purchaseId) !== undefined, {
    path: ["userId"],
    error: "Say whose purchases: a userId, an itemId or a purchaseId",
  })
  .refine(({ userId, idempotencyKey }) => idempotencyKey === undefined || userId !== undefined, {
    path: ["userId"],
    error: "A key belongs to a buyer: say whose, by their userId",
  });
export type ListPurchasesInput = z.infer<typeof listPurchasesInputSchema>;

export const refundInputSchema = z.strictObject({
  purchaseId: uuidSchema,
  /** The buyer reads it. */
  reason: reasonSchema.optional(),
  idempotencyKey: idempotencyKeySchema,
});
export type RefundInput = z.infer<typeof refundInputSchema>;

/** Why a refund was refused, in the order in which the reasons are checked. */
const REFUND_REFUSAL_CODES = ["KEY_REUSED", "PURCHASE_NOT_FOUND", "ALREADY_REFUNDED"] as const;
export type RefundRefusalCode = (typeof REFUND_REFUSAL_CODES)[number];

const refundResultSchema = z.discriminatedUnion("outcome", [
  z.object({
    outcome: z.literal("refunded"),
    refundId: uuidSchema,
    purchaseId: uuidSchema,
    itemId: idSchema,
    quantity: z.int(),
    amountCents: z.int(),
    /** The buyer's balance right after the refund. */
    balanceCents: z.int(),
    /** Units of the item for sale right after the refund. */
    remaining: z.int(),
    /** False when their dispatch had begun: then only the money went back. */
    unitsReturned: z.boolean(),
    replayed: z.boolean(),
  }),
  z.object({
    outcome: z.literal("refused"),
    code: z.enum(REFUND_REFUSAL_CODES),
    message: z.string(),
    replayed: z.boolean(),
  }),
]);
export type RefundResult = z.infer<typeof refundResultSchema>;

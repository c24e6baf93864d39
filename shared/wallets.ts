import { z } from "zod";
import { PRICE_CENTS_MAX } from "./money.ts";
import { idempotencyKeySchema, pageInputSchema, readableSchema, uuidSchema } from "./primitives.ts";

const walletSchema = z.object({
  balanceCents: z.int(),
  currency: z.string(),
  /** Whether the buyer can put money in themselves: the shop takes payments. */
  canTopUp: z.boolean(),
});
export type Wallet = z.infer<typeof walletSchema>;

export const MOVEMENT_KINDS = ["purchase", "refund", "opening", "top_up", "credit", "order", "order_refund"] as const;
export type MovementKind = (typeof MOVEMENT_KINDS)[number];

/** One line of a buyer's statement, newest first. */
const movementSchema = z.object({
  /** Of a purchase: its own id. */
  id: uuidSchema,
  kind: z.enum(MOVEMENT_KINDS),
  /** Signed: what the movement added to the wallet, in minor units. */
  amountCents: z.int(),
  /** The balance right after it. */
  balanceCents: z.int(),
  currency: z.string(),
  /** What it was for, in words: an item's name or a reason. */
  description: z.string(),
  movedAt: z.string(),
});
export type Movement = z.infer<typeof movementSchema>;

/** Of somebody else's movements. */
export const statementInputSchema = pageInputSchema.extend({ userId: uuidSchema });

const amountCentsSchema = z.int().min(1).max(PRICE_CENTS_MAX);

export const topUpInputSchema = z.strictObject({
  amountCents: amountCentsSchema,
  idempotencyKey: idempotencyKeySchema,
});
export type TopUpInput = z.infer<typeof topUpInputSchema>;

/** The buyer reads it. */
export const creditReasonSchema = readableSchema({ min: 1, max: 200 });

export const creditInputSchema = z.strictObject({
  userId: uuidSchema,
  amountCents: amountCentsSchema,
  reason: creditReasonSchema,
  idempotencyKey: idempotencyKeySchema,
});
export type CreditInput = z.infer<typeof creditInputSchema>;

const creditResultSchema = z.object({
  creditId: uuidSchema,
  userId: uuidSchema,
  amountCents: z.int(),
  balanceCents: z.int(),
  currency: z.string(),
  replayed: z.boolean(),
});
export type CreditResult = z.infer<typeof creditResultSchema>;

import { z } from "zod";
import { ORDER_ERROR_CODES, ORDER_REFUSALS, type OrderRefusalCode } from "./order-refusals.ts";
import {
  idempotencyKeySchema,
  idSchema,
  pageInputSchema,
  REFUND_REASON,
  reasonSchema,
  uuidSchema,
} from "./primitives.ts";

/** Units of one product that a line of an order may ask for. */
export const ORDER_QUANTITY_MAX = 100;

/** Lines of an order that comes through the API. */
export const ORDER_LINES_MAX = 100;

export const ORDER_STATUSES = ["pending", "confirmed", "rejected", "refunded"] as const;
/**
 * `pending`: paid and taken from the inventory, not yet dispatched. `confirmed`: the warehouse has sent it. `rejected`: it
 * could not be sent, and units and money are back. `refunded`: an operator gave it back.
 */
export type OrderStatus = (typeof ORDER_STATUSES)[number];

const lineSchema = z.strictObject({
  productId: idSchema,
  quantity: z.int().min(1).max(ORDER_QUANTITY_MAX).describe("Units"),
});

export const placeOrderInputSchema = z.strictObject({
  lines: z.array(lineSchema).min(1).max(ORDER_LINES_MAX).readonly().describe("A product may be in several"),
  warehouseId: idSchema.optional().describe("The warehouse that can serve most of the basket when left out"),
  idempotencyKey: idempotencyKeySchema,
});
export type PlaceOrderInput = z.infer<typeof placeOrderInputSchema>;

/** An order as it stands. Money in minor units, times ISO 8601 in UTC. */
export const orderSchema = z
  .object({
    orderId: idSchema,
    customerId: uuidSchema,
    warehouseId: idSchema,
    status: z
      .enum(ORDER_STATUSES)
      .describe("`pending`: paid, not yet on its way; `confirmed`: on its way; `rejected`, `refunded`: given back"),
    inventoryUpdated: z
      .boolean()
      .describe("Whether its units are out of the inventory: false again once they went back"),
    errorMessage: z.string().nullable().describe("Why it was rejected or given back"),
    amountCents: z.int().describe("What was paid"),
    currency: z.string(),
    balanceCents: z.int().describe("The wallet's balance right after it was paid, or right after it was given back"),
    placedAt: z.string(),
    updatedAt: z.string(),
    refundedAt: z.string().nullable(),
    lines: z
      .array(
        z.object({
          line: z.int(),
          productId: idSchema,
          productName: z.string(),
          imageUrl: z.string().nullable(),
          priceCents: z.int(),
          quantity: z.int(),
        }),
      )
      .describe("As they were sent, with name and price as sold"),
  })
  .meta({ id: "Order" });
export type Order = z.infer<typeof orderSchema>;

/** A product that an order failed for. */
export const orderProblemSchema = z.object({
  productId: idSchema,
  productName: z.string().nullable(),
  /** Lines of the order that ask for it, from 1. */
  lines: z.array(z.int()),
  requested: z.int(),
  available: z.int(),
});
export type OrderProblem = z.infer<typeof orderProblemSchema>;

/** The answer to an order: a decision, never an exception. Its replay is the same order as it stands then. */
export const orderResultSchema = z.discriminatedUnion("outcome", [
  z.object({
    outcome: z.literal("placed"),
    order: orderSchema,
    replayed: z.boolean(),
    errorCode: z
      .enum(ORDER_ERROR_CODES)
      .exactOptional()
      .describe("Present when the warehouse has refused it: the order is `rejected`, and its money is back"),
  }),
  z.object({
    outcome: z.literal("refused"),
    code: z.enum(Object.keys(ORDER_REFUSALS) as [OrderRefusalCode, ...OrderRefusalCode[]]),
    errorCode: z.enum(ORDER_ERROR_CODES),
    message: z.string(),
    problems: z.array(orderProblemSchema).describe("Products that are missing, withdrawn or short; otherwise none"),
  }),
]);
export type OrderResult = z.infer<typeof orderResultSchema>;

/** An order as operators see it. */
export const orderRecordSchema = orderSchema.extend({
  /** Which request of the customer's it was. */
  idempotencyKey: z.string(),
  /** Null also when the warehouse refused it and the shop gave it back by itself. */
  refundedBy: uuidSchema.nullable(),
});
export type OrderRecord = z.infer<typeof orderRecordSchema>;

/** Filters hold together. */
export const listOrdersInputSchema = pageInputSchema
  .extend({
    userId: uuidSchema.optional(),
    /** Belongs to its customer: with `userId`. */
    idempotencyKey: idempotencyKeySchema.optional(),
  })
  .refine(({ userId, idempotencyKey }) => idempotencyKey === undefined || userId !== undefined, {
    path: ["userId"],
    error: "A key belongs to a customer: say whose, by their userId",
  })
  .prefault({});
export type ListOrdersInput = z.infer<typeof listOrdersInputSchema>;
export const orderIdInputSchema = z.strictObject({ orderId: idSchema });

export const refundOrderInputSchema = z.strictObject({
  orderId: idSchema,
  reason: reasonSchema.default(REFUND_REASON).describe("The buyer reads it"),
  idempotencyKey: idempotencyKeySchema,
});
export type RefundOrderInput = z.infer<typeof refundOrderInputSchema>;

/** Why a refund of an order was refused, in the order in which the reasons are checked. */
const ORDER_REFUND_REFUSAL_CODES = ["KEY_REUSED", "ORDER_NOT_FOUND", "ALREADY_REFUNDED"] as const;
export type OrderRefundRefusalCode = (typeof ORDER_REFUND_REFUSAL_CODES)[number];

const orderRefundResultSchema = z.discriminatedUnion("outcome", [
  z.object({ outcome: z.literal("refunded"), order: orderSchema, replayed: z.boolean() }),
  z.object({ outcome: z.literal("refused"), code: z.enum(ORDER_REFUND_REFUSAL_CODES), message: z.string() }),
]);
export type OrderRefundResult = z.infer<typeof orderRefundResultSchema>;

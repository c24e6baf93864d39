import { z } from "zod";
import type { FaultBody } from "./faults.ts";
import { placeOrderInputSchema } from "./orders.ts";
import { textSchema, uuidSchema } from "./primitives.ts";
import { buyInputSchema } from "./purchases.ts";

/** Body of `POST /api/purchase/`; the key is in the header `Idempotency-Key`. */
export const purchaseBodySchema = z.strictObject({
  user_id: uuidSchema.optional().describe("Must be the session's own: the buyer always comes from the session"),
  item_id: buyInputSchema.shape.itemId,
  quantity: buyInputSchema.shape.quantity.describe("Units"),
});
export type PurchaseBody = z.infer<typeof purchaseBodySchema>;

const { lines, warehouseId } = placeOrderInputSchema.shape;

const customerIdSchema = uuidSchema
  .optional()
  .describe("Must be the session's own: the customer always comes from the session");

/** Body of `POST /api/orders` for one product, from the warehouse that has most units of it. */
export const productOrderBodySchema = z.strictObject({
  customerId: customerIdSchema,
  ...lines.unwrap().element.shape,
});

/** Body of `POST /api/orders` for a basket. */
export const basketOrderBodySchema = z.strictObject({ customerId: customerIdSchema, lines, warehouseId });

export const PASSWORD_LENGTH_MIN = 8;
export const PASSWORD_LENGTH_MAX = 128;

const emailSchema = z.email("An e-mail address looks like name@example.com").max(254).toLowerCase();

const passwordSchema = z
  .string()
  .min(PASSWORD_LENGTH_MIN, `A password has at least ${PASSWORD_LENGTH_MIN} characters`)
  .max(PASSWORD_LENGTH_MAX, `A password has at most ${PASSWORD_LENGTH_MAX} characters`)
  .refine((value) => value.isWellFormed(), "A password cannot hold halves of characters");

/** Body of `POST /api/auth/sign-up/email`. Without a name, the part before the @ is the name. */
export const signUpInputSchema = z.strictObject({
  email: emailSchema,
  password: passwordSchema,
  name: textSchema({ min: 1, max: 100 }).optional().describe("The part before the @ when left out"),
});

/** Body of `POST /api/auth/sign-in/email`. */
export const signInInputSchema = z.strictObject({
  email: emailSchema,
  // A password that could never have been chosen is wrong rather than invalid.
  password: z.string().min(1).max(1_000),
});

/** What the REST routes answer when they fail: RFC 9457, `application/problem+json`. */
export interface Problem extends FaultBody {
  /** Names the kind of the problem; the same for each `code`. */
  readonly type: string;
  readonly title: string;
  readonly status: number;
}

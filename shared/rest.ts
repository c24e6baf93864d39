import { z } from "zod";
import { FAULT_CODES } from "./faults.ts";
import { ORDER_ERROR_CODES } from "./order-refusals.ts";
import { placeOrderInputSchema } from "./orders.ts";
import {
  PASSWORD_CHARACTERS_MAX,
  PASSWORD_CHARACTERS_MIN,
  PASSWORD_SENT_LENGTH_MAX,
  passwordLengthProblem,
} from "./passwords.ts";
import { readableSchema, uuidSchema } from "./primitives.ts";
import { buyInputSchema } from "./purchases.ts";

/** Body of `POST /api/purchase/`; the key is in the header `Idempotency-Key`. */
export const purchaseBodySchema = z.strictObject({
  user_id: uuidSchema.optional().describe("Must be the session's own: the buyer always comes from the session"),
  item_id: buyInputSchema.shape.itemId,
  quantity: buyInputSchema.shape.quantity.describe("Units"),
});

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

const emailSchema = z.email("An e-mail address looks like name@example.com").max(254).toLowerCase();

/** What it says of the length is for `shared/passwords.ts` to say; the rest is the server's (`weak-password.ts`). */
const passwordSchema = z
  .string()
  .refine((value) => value.isWellFormed(), "A password cannot hold halves of characters")
  .check(({ value, issues }) => {
    const message = passwordLengthProblem(value);
    if (message !== undefined) issues.push({ code: "custom", input: value, message });
  })
  .meta({ minLength: PASSWORD_CHARACTERS_MIN, maxLength: PASSWORD_CHARACTERS_MAX });

/** Body of `POST /api/auth/sign-up/email`. Without a name, the part before the @ is the name. */
export const signUpInputSchema = z.strictObject({
  email: emailSchema,
  password: passwordSchema,
  name: readableSchema({ min: 1, max: 100 }).optional().describe("The part before the @ when left out"),
});

/** Body of `POST /api/auth/sign-in/email`. */
export const signInInputSchema = z.strictObject({
  email: emailSchema,
  // A password that could never have been chosen is wrong rather than invalid.
  password: z.string().min(1).max(PASSWORD_SENT_LENGTH_MAX),
});

export type SignInInput = z.infer<typeof signInInputSchema>;

/** Body of `POST /api/auth/change-password`. */
export const changePasswordInputSchema = z.strictObject({
  currentPassword: signInInputSchema.shape.password,
  newPassword: passwordSchema,
});

export type ChangePasswordInput = z.infer<typeof changePasswordInputSchema>;

/** What `POST /api/pictures` answers. */
export const pictureSchema = z
  .object({
    imageUrl: z.string().describe("Its address in the largest size; a product or an item takes it as `imageUrl`"),
  })
  .meta({ id: "Picture" });
export type Picture = z.infer<typeof pictureSchema>;

/** What the REST routes answer when they fail: RFC 9457, `application/problem+json`. */
export const problemSchema = z
  .object({
    type: z.string().describe("Names the kind of the problem; the same for each code"),
    title: z.string(),
    status: z.int(),
    code: z.enum(FAULT_CODES).describe("For programs"),
    message: z.string().describe("For people"),
    retryable: z.boolean().describe("Whether the same request, with the same key, may succeed later"),
    requestId: z.string().describe("Stands in the shop's log; worth quoting when asking for help"),
    errorCode: z.enum(ORDER_ERROR_CODES).exactOptional().describe("What the database calls it, where an order failed"),
    retryAfterMs: z.number().exactOptional().describe("When to come again, where the shop knows"),
    issues: z
      .array(z.object({ path: z.string(), message: z.string() }))
      .exactOptional()
      .describe("What is wrong with the input, by field; with INVALID_INPUT"),
  })
  .meta({ id: "Problem" });
export type Problem = z.infer<typeof problemSchema>;

/** What a fault looks like to a program: in the `data` of a tRPC error, and in a problem. */
export type FaultBody = Omit<Problem, "type" | "title" | "status">;

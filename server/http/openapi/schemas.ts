import { z } from "zod";
import { FAULT_CODES } from "../../../shared/faults.ts";
import { ORDER_ERROR_CODES } from "../../../shared/order-refusals.ts";
import { orderResultSchema, orderSchema } from "../../../shared/orders.ts";
import { uuidSchema } from "../../../shared/primitives.ts";
import { purchasedSchema, refusedSchema } from "../../../shared/purchases.ts";
import { taskSchema as storedTaskSchema, taskLogEntrySchema } from "../../../shared/tasks.ts";
import { USER_ROLES } from "../../../shared/users.ts";

/*
 * What the REST routes answer, as schemas with names. Those that the rest of the code has no schema of are written here.
 */

const [placedSchema, refusedOrderSchema] = orderResultSchema.options;

export const placedOrderSchema = placedSchema.omit({ order: true }).extend(orderSchema.shape);

export { orderSchema, purchasedSchema, refusedOrderSchema, refusedSchema };

/** Whatever JSON there is: a schema of JSON itself would have to name itself. */
const anyJsonSchema = z.unknown();

export const taskSchema = storedTaskSchema.extend({
  payload: anyJsonSchema.describe("Any JSON"),
  result: anyJsonSchema.describe("Any JSON; null until it is completed"),
});

export const taskWithLogSchema = taskSchema.extend({ log: z.array(taskLogEntrySchema) });

export const problemSchema = z.object({
  type: z.string().describe("Names the kind of the problem; the same for each code"),
  title: z.string(),
  status: z.int(),
  code: z.enum(FAULT_CODES).describe("For programs"),
  message: z.string().describe("For people"),
  retryable: z.boolean().describe("Whether the same request, with the same key, may succeed later"),
  requestId: z.string().describe("Stands in the shop's log; worth quoting when asking for help"),
  errorCode: z.enum(ORDER_ERROR_CODES).optional().describe("What the database calls it, where an order failed"),
  retryAfterMs: z.number().optional().describe("When to come again, where the shop knows"),
  issues: z
    .array(z.object({ path: z.string(), message: z.string() }))
    .optional()
    .describe("What is wrong with the input, by field"),
});

const accountSchema = z.object({
  id: uuidSchema,
  email: z.string(),
  name: z.string(),
  role: z.enum(USER_ROLES),
  active: z.boolean(),
});

export const signedInSchema = z.object({
  token: z.string().describe("To be sent as `Authorization: Bearer <token>`"),
  user: accountSchema,
});

export const sessionSchema = z
  .object({ session: z.object({ userId: uuidSchema, expiresAt: z.string() }), user: accountSchema })
  .nullable();

export const signedOutSchema = z.object({ success: z.boolean() });

export const liveSchema = z.object({ status: z.literal("live") });

export const readySchema = z.object({
  status: z.enum(["ready", "not ready"]),
  checks: z.object({
    database: z.enum(["ok", "no answer", "not asked"]),
    migrations: z.literal("ok"),
    draining: z.boolean(),
  }),
});

/** By the names under which the document keeps them. */
export const COMPONENTS = {
  Problem: problemSchema,
  Purchased: purchasedSchema,
  Refused: refusedSchema,
  Order: orderSchema,
  PlacedOrder: placedOrderSchema,
  RefusedOrder: refusedOrderSchema,
  Task: taskSchema,
  TaskWithLog: taskWithLogSchema,
  SignedIn: signedInSchema,
} as const satisfies Record<string, z.ZodType>;

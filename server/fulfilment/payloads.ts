import { z } from "zod";
import { idSchema, uuidSchema } from "../../shared/primitives.ts";
import { type DispatchBody, dispatchBodySchema, receiveBodySchema } from "../../shared/warehouse.ts";
import { type ClaimedTask, FatalTaskError } from "../tasks/handler.ts";

/** Of an order, stored by `drizzle/functions/store_dispatch.sql`, or of a purchase, by `purchase-tasks.ts`. */
const dispatchPayloadSchema = dispatchBodySchema
  .extend({ orderId: idSchema.optional(), purchaseId: uuidSchema.optional() })
  .transform(({ orderId, purchaseId, ...body }, context): DispatchPayload => {
    if (orderId !== undefined && purchaseId === undefined) return { body, orderId };
    if (purchaseId !== undefined && orderId === undefined) return { body, purchaseId };
    context.addIssue("it is of one order or of one purchase");
    return z.NEVER;
  });

export type DispatchPayload = { readonly body: DispatchBody } & (
  | { readonly orderId: number }
  | { readonly purchaseId: string }
);

/** @throws FatalTaskError it is none: no further attempt can help */
export function dispatchPayload(task: ClaimedTask): DispatchPayload {
  return parse(dispatchPayloadSchema, task);
}

/** @throws FatalTaskError */
export function receivePayload(task: ClaimedTask): z.infer<typeof receiveBodySchema> {
  return parse(receiveBodySchema, task);
}

function parse<T>(schema: z.ZodType<T>, { kind, payload }: ClaimedTask): T {
  const parsed = schema.safeParse(payload);
  if (parsed.success) return parsed.data;
  const why = parsed.error.issues.map(({ path, message }) => `${path.join(".") || "all of it"}: ${message}`).join("; ");
  throw new FatalTaskError(`The payload is not that of a ${kind}: ${why}`);
}

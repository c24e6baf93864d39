import type { FastifyInstance } from "fastify";
import { Fault, type FaultCode } from "../../shared/faults.ts";
import { ORDER_REFUSALS, type OrderErrorCode } from "../../shared/order-refusals.ts";
import type { OrderResult, PlaceOrderInput } from "../../shared/orders.ts";
import { idSchema } from "../../shared/primitives.ts";
import { basketOrderBodySchema, productOrderBodySchema } from "../../shared/rest.ts";
import type { Databases } from "../database/databases.ts";
import type { ContextOf } from "../http/context.ts";
import { invalidInput, toFault } from "../http/faults.ts";
import { idempotencyKeyOf } from "../http/idempotency-key.ts";
import { otherMethods } from "../http/other-methods.ts";
import { orderById } from "./by-id.ts";
import { type PlaceServices, placeOrder } from "./place.ts";

/**
 * `POST /api/orders` places an order for the customer of the session, for one product or for a basket, and answers the
 * order with what became of it; `Idempotency-Replayed` marks one that an earlier request placed. `GET /api/orders/:id`
 * answers an order as it stands.
 *
 * Whatever fails says so in two codes: `code` is the shop's, `errorCode` the database's.
 */
export async function orderRoutes(app: FastifyInstance, { services, contextOf }: OrderRoutesOptions): Promise<void> {
  app.setErrorHandler((error) => {
    throw withErrorCode(toFault(error));
  });

  app.post("/api/orders", async (request, reply) => {
    const { actor, traceId } = await contextOf(request);
    if (!actor) throw new Fault("UNAUTHENTICATED");
    const { customerId, ...order } = parseBody(request.body);
    const idempotencyKey = idempotencyKeyOf(request);
    if (customerId !== undefined && customerId !== actor.userId) {
      throw new Fault("FORBIDDEN", "You can only order for yourself.");
    }
    const result = await placeOrder(services, { userId: actor.userId, traceId }, { ...order, idempotencyKey });
    if (result.outcome === "refused") return reply.code(ORDER_REFUSALS[result.code].status).send(result);
    const { order: placed, ...outcome } = result;
    if (result.replayed) reply.header("idempotency-replayed", "true");
    return reply.code(statusOf(result)).send({ ...outcome, ...placed });
  });
  otherMethods(app, "/api/orders", ["POST"]);

  app.get<{ Params: { id: string } }>("/api/orders/:id", async (request) => {
    const { actor } = await contextOf(request);
    if (!actor) throw new Fault("UNAUTHENTICATED");
    return orderById(services.publicReads, actor, parseId(request.params.id));
  });
  otherMethods(app, "/api/orders/:id", ["GET"]);
}

export interface OrderRoutesOptions {
  readonly services: PlaceServices & Pick<Databases, "publicReads">;
  readonly contextOf: ContextOf;
}

/** 201 once the goods are on their way, 202 while they are not yet; an order that the warehouse refused is none. */
function statusOf({ order, replayed, errorCode }: Extract<OrderResult, { outcome: "placed" }>): number {
  if (replayed) return 200;
  if (errorCode !== undefined) return errorCode === "SQLITE_NOTFOUND" ? 404 : 400;
  return order.status === "confirmed" ? 201 : 202;
}

/** A body with lines is a basket; any other is meant for one product. */
function parseBody(body: unknown): Omit<PlaceOrderInput, "idempotencyKey"> & { customerId?: string | undefined } {
  if (typeof body === "object" && body !== null && Object.hasOwn(body, "lines")) {
    const parsed = basketOrderBodySchema.safeParse(body);
    if (!parsed.success) throw invalidInput(parsed.error);
    return parsed.data;
  }
  const parsed = productOrderBodySchema.safeParse(body);
  if (!parsed.success) throw invalidInput(parsed.error);
  const { customerId, ...line } = parsed.data;
  return { customerId, lines: [line] };
}

function parseId(text: string): number {
  const parsed = idSchema.safeParse(/^[1-9]\d*$/.test(text) ? Number(text) : text);
  if (!parsed.success) throw invalidInput(parsed.error);
  return parsed.data;
}

function withErrorCode(fault: Fault): Fault {
  const errorCode = fault.errorCode ?? ERROR_CODES[fault.code];
  if (errorCode === undefined || errorCode === fault.errorCode) return fault;
  const { code, message, cause, retryAfterMs } = fault;
  return new Fault(code, message, { cause, errorCode, ...(retryAfterMs !== undefined && { retryAfterMs }) });
}

/** What the database would call a failure that never reached it. */
const ERROR_CODES: Partial<Record<FaultCode, OrderErrorCode>> = {
  INVALID_INPUT: "SQLITE_MISMATCH",
  NOT_FOUND: "SQLITE_NOTFOUND",
  LOCK_TIMEOUT: "SQLITE_LOCKED",
  INTERNAL: "SQLITE_ERROR",
};

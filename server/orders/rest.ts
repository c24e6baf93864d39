import type { FastifyInstance } from "fastify";
import { z } from "zod";
import { Fault, type FaultCode } from "../../shared/faults.ts";
import { ORDER_REFUSALS, type OrderErrorCode } from "../../shared/order-refusals.ts";
import { type OrderResult, orderResultSchema, orderSchema, type PlaceOrderInput } from "../../shared/orders.ts";
import { idSchema } from "../../shared/primitives.ts";
import { basketOrderBodySchema, productOrderBodySchema } from "../../shared/rest.ts";
import type { Databases } from "../database/databases.ts";
import { type ContextOf, signedIn } from "../http/context.ts";
import { parsed, toFault } from "../http/faults.ts";
import { idempotencyKeyOf } from "../http/idempotency-key.ts";
import { type Operation, refusalAnswers, SERVED_FAULTS } from "../http/openapi/operation.ts";
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

  app.post("/api/orders", { config: { operation: PLACE } }, async (request, reply) => {
    const context = await contextOf(request);
    const { userId } = signedIn(context);
    const { customerId, ...order } = parseBody(request.body);
    const idempotencyKey = idempotencyKeyOf(request);
    if (customerId !== undefined && customerId !== userId) {
      throw new Fault("FORBIDDEN", "You can only order for yourself.");
    }
    const result = await placeOrder(services, { userId, traceId: context.traceId }, { ...order, idempotencyKey });
    if (result.outcome === "refused") return reply.code(ORDER_REFUSALS[result.code].status).send(result);
    const { order: placed, ...outcome } = result;
    if (result.replayed) reply.header("idempotency-replayed", "true");
    return reply.code(statusOf(result)).send({ ...outcome, ...placed });
  });
  otherMethods(app, "/api/orders", ["POST"]);

  app.get<{ Params: { id: string } }>("/api/orders/:id", { config: { operation: GET } }, async (request) => {
    const actor = signedIn(await contextOf(request), "read");
    const { id } = request.params;
    return orderById(services.publicReads, actor, parsed(idSchema, /^[1-9]\d*$/.test(id) ? Number(id) : id));
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
  const isBasket = typeof body === "object" && body !== null && Object.hasOwn(body, "lines");
  if (isBasket) return parsed(basketOrderBodySchema, body);
  const { customerId, ...line } = parsed(productOrderBodySchema, body);
  return { customerId, lines: [line] };
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

const [placedSchema, refusedSchema] = orderResultSchema.options;
const placedOrderSchema = placedSchema.omit({ order: true }).extend(orderSchema.shape).meta({ id: "PlacedOrder" });
const refusedOrderSchema = refusedSchema.meta({ id: "RefusedOrder" });

const REFUSED = refusalAnswers(ORDER_REFUSALS, refusedOrderSchema);
const GIVEN_BACK = "Or placed, refused by the warehouse for good, and given back at once: an order that is `rejected`";

const PLACE: Operation = {
  id: "placeOrder",
  tag: "Buy",
  summary: "Order products of the catalogue",
  description:
    "Sells one product, or a basket from one warehouse: paid from the wallet and taken from the inventory, all of it " +
    "or nothing. Prices are the shop's. The same key for the same units is the same order, answered as it stands " +
    "then. A refusal is not kept: the order may be sent again under its key. The `problems` of a refusal say of what " +
    "and how many.",
  needs: "session and key",
  body: z.union([productOrderBodySchema, basketOrderBodySchema]),
  example: { lines: [{ productId: 1, quantity: 2 }] },
  answers: {
    ...REFUSED,
    ...Object.fromEntries(
      ([400, 404] as const).map((status) => [
        status,
        {
          says: `${REFUSED[status]?.says}. ${GIVEN_BACK}`,
          schema: z.union([refusedOrderSchema, placedOrderSchema]),
        },
      ]),
    ),
    200: {
      says: "Placed before under this key: the order as it stands",
      schema: placedOrderSchema,
      mayBeReplayed: true,
    },
    201: { says: "Placed, and on its way", schema: placedOrderSchema },
    202: {
      says: "Placed: paid and taken from the inventory, not yet on its way. It will be, or it is given back",
      schema: placedOrderSchema,
    },
  },
  faults: [...SERVED_FAULTS, "UNAUTHENTICATED", "LOCK_TIMEOUT", "OUTCOME_UNKNOWN"],
};

const GET: Operation = {
  id: "getOrder",
  tag: "Buy",
  summary: "An order as it stands",
  description: "One's own; any for operators and auditors. Somebody else's is answered as if it were not there.",
  needs: "session",
  path: z.object({ id: idSchema.meta({ description: "The order's number", examples: [1] }) }),
  answers: { 200: { says: "The order", schema: orderSchema } },
  faults: [...SERVED_FAULTS, "UNAUTHENTICATED", "NOT_FOUND"],
};

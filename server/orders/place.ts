import { and, eq, sql } from "drizzle-orm";
import { orders } from "../../drizzle/schema/index.ts";
import { ORDER_REFUSALS, type OrderRefusalCode } from "../../shared/order-refusals.ts";
import type { Order, OrderResult, PlaceOrderInput } from "../../shared/orders.ts";
import type { Tx } from "../database/database.ts";
import type { Limits } from "../http/rate-limits.ts";
import { type Dispatching, dispatchNow } from "./dispatch-now.ts";
import { callForOutcome, faultOfOutcome, type OrderOutcome } from "./outcome.ts";
import { orderOf, readOrders } from "./read-orders.ts";

/**
 * Sells a basket to the signed-in user, once per key: paid and taken from the inventory, all of it or nothing. The rules
 * are those of `drizzle/functions/settle_order.sql`; here is only what becomes of its answer. Three statements,
 * however many lines there are. Once that is committed, the warehouse is asked to dispatch it.
 *
 * Every way in comes through here, so that all share the limits of purchases. A request that was answered before gets its
 * order as it stands now. A refusal is not kept as an answer, so it may be sent again under its key; but the audit log keeps
 * a row of every call that placed nothing, and of these a user has so many a day.
 *
 * @throws Fault RATE_LIMITED, OVERLOADED, LOCK_TIMEOUT, INVALID_INPUT, INTERNAL
 */
export async function placeOrder(
  services: PlaceServices,
  { userId, traceId }: OrderOrigin,
  input: PlaceOrderInput,
): Promise<OrderResult> {
  const { database, limits, orderGate } = services;
  limits.takePurchaseToken(userId);
  const tooMany = limits.tooManyRefusals(userId);
  if (tooMany) {
    const order = await placedBefore(database, userId, input);
    if (order) return { outcome: "placed", order, replayed: true };
    throw tooMany;
  }
  const { outcome, order } = await orderGate.run(() =>
    database.withTransaction((tx) => settle(tx, { userId, traceId }, input), { name: "orders.place" }),
  );
  if (!outcome.success) limits.chargeRefusal(userId, Math.ceil(input.lines.length / LINES_PER_ROW));
  if (order && !outcome.success) return { outcome: "placed", order, replayed: true };
  // Outside the gate: who waits for the warehouse holds up no other order.
  if (order) return { outcome: "placed", ...(await dispatchNow(services, order)), replayed: false };
  if (!isRefusal(outcome.reason)) throw faultOfOutcome(outcome, `the order of user ${userId}`);
  return {
    outcome: "refused",
    code: outcome.reason,
    errorCode: ORDER_REFUSALS[outcome.reason].errorCode,
    message: outcome.message,
    problems: outcome.problems ?? [],
  };
}

export interface PlaceServices extends Dispatching {
  readonly limits: Pick<Limits, "takePurchaseToken" | "tooManyRefusals" | "chargeRefusal">;
}

/** The audit log keeps the lines of what it says; those of an order with more take the room of several rows. */
const LINES_PER_ROW = 10;

/** Returns a refusal rather than throw it: its row in the audit log is to be committed. */
async function settle(tx: Tx, { userId, traceId }: OrderOrigin, input: PlaceOrderInput): Promise<Settled> {
  const outcome = await callForOutcome(
    tx,
    sql`settle_order(
      ${userId}::uuid,
      ${input.warehouseId ?? null}::bigint,
      ${linesOf(input)}::jsonb,
      ${input.idempotencyKey}::text,
      p_choose_warehouse => ${input.warehouseId === undefined}::boolean,
      p_trace_id => ${traceId ?? null}::text
    )`,
  );
  const isAnswered = outcome.success || outcome.reason === "DUPLICATE_REQUEST";
  return { outcome, order: isAnswered && outcome.orderId !== null ? await orderOf(tx, outcome.orderId) : undefined };
}

/** The order that the same request has placed; a look, of which no row is kept. */
async function placedBefore(
  { db }: Dispatching["database"],
  userId: string,
  input: PlaceOrderInput,
): Promise<Order | undefined> {
  const where = and(
    eq(orders.customerId, userId),
    eq(orders.requestId, input.idempotencyKey),
    sql`${orders.fingerprint} = fingerprint_order(${linesOf(input)}::jsonb)`,
  );
  const [order] = await readOrders(db, { where, limit: 1 });
  return order;
}

/** As the functions of the database take them. */
function linesOf({ lines }: PlaceOrderInput): string {
  return JSON.stringify(lines.map(({ productId, quantity }) => ({ product_id: productId, quantity })));
}

function isRefusal(reason: string | null): reason is OrderRefusalCode {
  return reason !== null && Object.hasOwn(ORDER_REFUSALS, reason);
}

/** Whose order it is, and the trace that its dispatch goes on with where the caller has sent one. */
export interface OrderOrigin {
  readonly userId: string;
  readonly traceId?: string | undefined;
}

interface Settled {
  readonly outcome: OrderOutcome;
  /** Present when there is one, placed now or before. */
  readonly order: Order | undefined;
}

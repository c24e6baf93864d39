import { sql } from "drizzle-orm";
import {
  ORDER_REFUSALS,
  type Order,
  type OrderRefusalCode,
  type OrderResult,
  type PlaceOrderInput,
} from "../../shared/orders.ts";
import type { Tx } from "../database/database.ts";
import type { Services } from "../services.ts";
import { type Dispatching, dispatchNow } from "./dispatch-now.ts";
import { callForOutcome, faultOfOutcome, type OrderOutcome } from "./outcome.ts";
import { orderOf } from "./read-orders.ts";

/**
 * Sells a basket to the signed-in user, once per key: paid and taken from the inventory, all of it or nothing. The rules
 * are those of `drizzle/functions/settle_order.sql`; here is only what becomes of its answer. Three statements,
 * however many lines there are. Once that is committed, the warehouse is asked to dispatch it.
 *
 * Every way in comes through here, so that all share one limit with purchases. A request that was answered before gets
 * its order as it stands now. A refusal is not kept: it may be sent again under its key.
 *
 * @throws Fault RATE_LIMITED, OVERLOADED, LOCK_TIMEOUT, INVALID_INPUT, INTERNAL
 */
export async function placeOrder(
  services: Pick<Services, "limits"> & Dispatching,
  { userId, traceId }: OrderOrigin,
  input: PlaceOrderInput,
): Promise<OrderResult> {
  const { database, limits, orderGate } = services;
  limits.takePurchaseToken(userId);
  const { outcome, order } = await orderGate.run(() =>
    database.withTransaction((tx) => settle(tx, { userId, traceId }, input), { name: "orders.place" }),
  );
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

/** Returns a refusal rather than throw it: its row in the audit log is to be committed. */
async function settle(tx: Tx, { userId, traceId }: OrderOrigin, input: PlaceOrderInput): Promise<Settled> {
  const lines = input.lines.map(({ productId, quantity }) => ({ product_id: productId, quantity }));
  const outcome = await callForOutcome(
    tx,
    sql`settle_order(
      ${userId}::uuid,
      ${input.warehouseId ?? null}::bigint,
      ${JSON.stringify(lines)}::jsonb,
      ${input.idempotencyKey}::text,
      p_choose_warehouse => ${input.warehouseId === undefined}::boolean,
      p_trace_id => ${traceId ?? null}::text
    )`,
  );
  const isAnswered = outcome.success || outcome.reason === "DUPLICATE_REQUEST";
  return { outcome, order: isAnswered && outcome.orderId !== null ? await orderOf(tx, outcome.orderId) : undefined };
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

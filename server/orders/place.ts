import { eq, sql } from "drizzle-orm";
import { orders } from "../../drizzle/schema/index.ts";
import {
  ORDER_REFUSALS,
  type Order,
  type OrderRefusalCode,
  type OrderResult,
  type PlaceOrderInput,
} from "../../shared/orders.ts";
import type { Tx } from "../database/database.ts";
import type { Services } from "../services.ts";
import { callForOutcome, faultOfOutcome, type OrderOutcome } from "./outcome.ts";
import { readOrders } from "./read-orders.ts";

/**
 * Sells a basket to the signed-in user, once per key: paid and taken from the inventory, all of it or nothing. The rules
 * are those of `drizzle/functions/settle_order.sql`; here is only what becomes of its answer. Three statements,
 * however many lines there are.
 *
 * Every way in comes through here, so that all share one limit with purchases. A request that was answered before gets
 * its order as it stands now. A refusal is not kept: it may be sent again under its key.
 *
 * @throws Fault RATE_LIMITED, OVERLOADED, LOCK_TIMEOUT, INVALID_INPUT, INTERNAL
 */
export async function placeOrder(
  { database, limits, orderGate }: Pick<Services, "database" | "limits" | "orderGate">,
  userId: string,
  input: PlaceOrderInput,
): Promise<OrderResult> {
  limits.takePurchaseToken(userId);
  const { outcome, order } = await orderGate.run(() =>
    database.withTransaction((tx) => settle(tx, userId, input), { name: "orders.place" }),
  );
  if (order) return { outcome: "placed", order, replayed: !outcome.success };
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
async function settle(tx: Tx, userId: string, input: PlaceOrderInput): Promise<Settled> {
  const lines = input.lines.map(({ productId, quantity }) => ({ product_id: productId, quantity }));
  const outcome = await callForOutcome(
    tx,
    sql`settle_order(
      ${userId}::uuid,
      ${input.warehouseId ?? null}::bigint,
      ${JSON.stringify(lines)}::jsonb,
      ${input.idempotencyKey}::text,
      p_choose_warehouse => ${input.warehouseId === undefined}::boolean
    )`,
  );
  const isAnswered = outcome.success || outcome.reason === "DUPLICATE_REQUEST";
  return { outcome, order: isAnswered ? await orderOf(tx, outcome.orderId) : undefined };
}

async function orderOf(tx: Tx, orderId: number | null): Promise<Order> {
  const [order] = orderId === null ? [] : await readOrders(tx, { where: eq(orders.id, orderId), limit: 1 });
  if (!order) throw new Error(`the order ${orderId} that was just placed is missing`);
  return order;
}

function isRefusal(reason: string | null): reason is OrderRefusalCode {
  return reason !== null && Object.hasOwn(ORDER_REFUSALS, reason);
}

interface Settled {
  readonly outcome: OrderOutcome;
  /** Present when there is one, placed now or before. */
  readonly order: Order | undefined;
}

import { eq, sql } from "drizzle-orm";
import { orders } from "../../drizzle/schema/index.ts";
import type { Order, OrderRefundRefusalCode, OrderRefundResult, RefundOrderInput } from "../../shared/orders.ts";
import { recordKeyUse } from "../audit/record.ts";
import type { Database, Tx } from "../database/database.ts";
import { callForOutcome, faultOfOutcome, type OrderOutcome } from "./outcome.ts";
import { readOrders } from "./read-orders.ts";

/**
 * Gives an order back, once: its units are in the inventory and its money is in the wallet. The rules are those of
 * `drizzle/functions/settle_cancellation.sql`.
 *
 * Idempotent per (operator, key): the same key with the same order and reason answers that order, as it stands,
 * with `replayed: true`.
 *
 * @throws Fault LOCK_TIMEOUT, NOT_ALLOWED_NOW (the wallet cannot hold that much), INTERNAL
 */
export async function refundOrder(
  database: Database,
  actorId: string,
  input: RefundOrderInput,
): Promise<OrderRefundResult> {
  const { outcome, order } = await database.withTransaction((tx) => settle(tx, actorId, input), {
    name: "orders.refund",
  });
  if (order) return { outcome: "refunded", order, replayed: !outcome.success };
  const code = REFUSALS[outcome.reason ?? ""];
  if (!code) throw faultOfOutcome(outcome, `the refund of order ${input.orderId}`);
  return { outcome: "refused", code, message: outcome.message };
}

async function settle(tx: Tx, actorId: string, { orderId, reason, idempotencyKey }: RefundOrderInput) {
  const outcome: OrderOutcome = await callForOutcome(
    tx,
    sql`settle_cancellation(${orderId}::bigint, ${actorId}::uuid, ${reason}::text, ${idempotencyKey}::text)`,
  );
  if (outcome.success) await recordKeyUse(tx, actorId, { subject: `order:${orderId}`, for: "orders.refund" });
  const isAnswered = outcome.success || outcome.reason === "DUPLICATE_REQUEST";
  const [order]: Order[] = isAnswered ? await readOrders(tx, { where: eq(orders.id, orderId), limit: 1 }) : [];
  return { outcome, order };
}

/** By the database's reason. */
const REFUSALS: Partial<Record<string, OrderRefundRefusalCode>> = {
  REQUEST_ID_REUSED: "KEY_REUSED",
  ORDER_NOT_FOUND: "ORDER_NOT_FOUND",
  ALREADY_REFUNDED: "ALREADY_REFUNDED",
};

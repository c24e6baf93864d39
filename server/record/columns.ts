import type { AuditEntry } from "../../shared/audit.ts";
import type {
  AttemptRecord,
  CreditRecord,
  RecordedOrder,
  RefundRecord,
  SummaryDay,
  SummaryItem,
} from "../../shared/record.ts";
import { type Column, currency, money, plain, words } from "./csv.ts";
import type { Movement } from "./movements.ts";

/* The columns of each file, which programs read by name. */

export const ATTEMPTS: readonly Column<AttemptRecord>[] = [
  plain("attempt_id", (row) => row.attemptId),
  plain("decided_at", (row) => row.decidedAt),
  plain("outcome", (row) => row.outcome),
  words("message", (row) => row.refusalMessage),
  plain("user_id", (row) => row.userId),
  plain("sale_id", (row) => row.saleId),
  words("sale", (row) => row.saleName),
  plain("item_id", (row) => row.itemId),
  words("item", (row) => row.itemName),
  plain("quantity", (row) => row.quantity),
  ...money<AttemptRecord>("amount", (row) => row.amountCents),
  ...money<AttemptRecord>("balance_after", (row) => row.balanceCents),
  currency,
  plain("remaining_after", (row) => row.remaining),
  plain("position", (row) => row.position),
  plain("refunded_at", (row) => row.refundedAt),
  plain("idempotency_key", (row) => row.idempotencyKey),
];

export const ORDERS: readonly Column<RecordedOrder>[] = [
  plain("order_id", (row) => row.orderId),
  plain("placed_at", (row) => row.placedAt),
  plain("status", (row) => row.status),
  plain("user_id", (row) => row.userId),
  plain("units", (row) => row.units),
  words("contents", (row) => row.contents),
  ...money<RecordedOrder>("amount", (row) => row.amountCents),
  ...money<RecordedOrder>("balance_after", (row) => row.balanceCents),
  currency,
  plain("refunded_at", (row) => row.refundedAt),
  words("idempotency_key", (row) => row.idempotencyKey),
];

export const REFUNDS: readonly Column<RefundRecord>[] = [
  plain("refund_id", (row) => row.refundId),
  plain("refunded_at", (row) => row.refundedAt),
  plain("user_id", (row) => row.userId),
  plain("purchase_id", (row) => row.purchaseId),
  plain("order_id", (row) => row.orderId),
  plain("item_id", (row) => row.itemId),
  words("what", (row) => row.what),
  ...money<RefundRecord>("amount", (row) => row.amountCents),
  ...money<RefundRecord>("balance_after", (row) => row.balanceCents),
  currency,
  plain("units_returned", (row) => row.unitsReturned),
  words("reason", (row) => row.reason),
  plain("refunded_by", (row) => row.actorId),
];

export const CREDITS: readonly Column<CreditRecord>[] = [
  plain("credit_id", (row) => row.creditId),
  plain("credited_at", (row) => row.creditedAt),
  plain("kind", (row) => row.kind),
  plain("user_id", (row) => row.userId),
  ...money<CreditRecord>("amount", (row) => row.amountCents),
  ...money<CreditRecord>("balance_after", (row) => row.balanceCents),
  currency,
  words("reason", (row) => row.reason),
  plain("credited_by", (row) => row.actorId),
];

export const MOVEMENTS: readonly Column<Movement>[] = [
  plain("moved_at", (row) => row.at),
  plain("kind", (row) => row.kind),
  plain("id", (row) => row.id),
  plain("user_id", (row) => row.userId),
  plain("from_account", (row) => row.from),
  plain("to_account", (row) => row.to),
  ...money<Movement>("amount", (row) => row.amountCents),
  ...money<Movement>("balance_after", (row) => row.balanceCents),
  currency,
  plain("item_id", (row) => row.itemId ?? null),
  plain("order_id", (row) => row.orderId ?? null),
  words("what", (row) => row.what),
];

export const CHANGES: readonly Column<AuditEntry>[] = [
  plain("id", (row) => row.id),
  plain("occurred_at", (row) => row.occurredAt),
  plain("actor_kind", (row) => row.actorKind),
  plain("actor_id", (row) => row.actorId),
  plain("action", (row) => row.action),
  words("subject", (row) => row.subject),
  plain("outcome", (row) => row.outcome),
  words("details", (row) => JSON.stringify(row.details)),
];

function sold<Row extends Pick<SummaryDay, "sold" | "refunded" | "netCents">>(): Column<Row>[] {
  return [
    plain("sold_times", (row) => row.sold.count),
    plain("sold_units", (row) => row.sold.units),
    ...money<Row>("revenue", (row) => row.sold.cents),
    plain("refunded_times", (row) => row.refunded.count),
    plain("refunded_units", (row) => row.refunded.units),
    ...money<Row>("refunds", (row) => row.refunded.cents),
    ...money<Row>("net", (row) => row.netCents),
  ];
}

export const DAYS: readonly Column<SummaryDay>[] = [
  plain("day", (row) => row.day),
  ...sold<SummaryDay>(),
  ...money<SummaryDay>("opening_balances", (row) => row.openingCents),
  ...money<SummaryDay>("top_ups", (row) => row.topUpCents),
  ...money<SummaryDay>("credits", (row) => row.creditCents),
  currency,
];

export const ITEMS: readonly Column<SummaryItem>[] = [
  plain("sale_id", (row) => row.saleId),
  words("sale", (row) => row.saleName),
  plain("item_id", (row) => row.itemId),
  plain("product_id", (row) => row.productId),
  words("name", (row) => row.name),
  ...sold<SummaryItem>(),
  currency,
];

import type { Readable } from "node:stream";
import type { AuditEntry } from "../../shared/audit.ts";
import type {
  AttemptRecord,
  CreditRecord,
  MovementFilter,
  RECORD_FILTERS,
  RecordedOrder,
  RecordKind,
  RefundRecord,
  SummaryDay,
  SummaryFilter,
  SummaryItem,
} from "../../shared/record.ts";
import type { MovementKind } from "../../shared/wallets.ts";
import { listAudit } from "../audit/list.ts";
import { headsOfItems } from "../chain/heads.ts";
import type { Database } from "../database/database.ts";
import { listAttempts } from "./attempts.ts";
import { listCredits } from "./credits.ts";
import { type Column, currency, money, plain, words } from "./csv.ts";
import { csvFile, type FileOptions, portionsOf } from "./csv-file.ts";
import { listRecordedOrders } from "./orders.ts";
import { listRefunds } from "./refunds.ts";
import { summarise } from "./summary.ts";

/** The files, each the whole of a list: its rows are those that the list shows for the same filters. */
export const EXPORTS: { readonly [K in RecordKind]: Export<(typeof RECORD_FILTERS)[K]["_output"]> } = {
  attempts: {
    says: "Every attempt to buy, bought or refused, newest first; behind them the seals of what they are about",
    file: (database, filter, options) => {
      const itemIds = new Set<number>();
      const read = async (page: { cursor: string | null; limit: number }) => {
        const looked = await listAttempts(database, { ...filter, ...page });
        for (const { itemId } of looked.items) itemIds.add(itemId);
        return looked;
      };
      const notes = () => sealsOf(database, [...itemIds]);
      return csvFile({ columns: ATTEMPTS, portions: portionsOf(read), notes }, options);
    },
  },
  orders: {
    says: "Every order as it stands, newest first",
    file: (database, filter, options) =>
      csvFile(
        { columns: ORDERS, portions: portionsOf((page) => listRecordedOrders(database, { ...filter, ...page })) },
        options,
      ),
  },
  refunds: {
    says: "Every refund of a purchase or an order, newest first",
    file: (database, filter, options) =>
      csvFile(
        { columns: REFUNDS, portions: portionsOf((page) => listRefunds(database, { ...filter, ...page })) },
        options,
      ),
  },
  credits: {
    says: "All money that came from outside, newest first",
    file: (database, filter, options) =>
      csvFile(
        { columns: CREDITS, portions: portionsOf((page) => listCredits(database, { ...filter, ...page })) },
        options,
      ),
  },
  movements: {
    says: "The ledger: every movement of money with where it came from and went; kind by kind, newest first within each",
    file: (database, filter, options) =>
      csvFile({ columns: MOVEMENTS, portions: movements(database, filter) }, options),
  },
  changes: {
    says: "Who changed what, newest first",
    file: (database, filter, options) =>
      csvFile(
        { columns: CHANGES, portions: portionsOf((page) => listAudit(database, { ...filter, ...page })) },
        options,
      ),
  },
  "summary-by-day": {
    says: "What was sold, given back and paid in, day by day of a time zone",
    file: (database, filter, options) =>
      csvFile({ columns: DAYS, portions: summaryOf(database, filter, "days") }, options),
  },
  "summary-by-item": {
    says: "What was sold and given back, item by item and product by product",
    file: (database, filter, options) =>
      csvFile({ columns: ITEMS, portions: summaryOf(database, filter, "items") }, options),
  },
};

/** By which `audit verify` tells later whether any of these rows was changed, removed or put in between; in its own words. */
async function sealsOf(database: Database, itemIds: readonly number[]): Promise<string[]> {
  const heads = await headsOfItems(database, itemIds);
  return heads.map(({ chain, number, head }) => `head ${chain} ${number} ${head}`);
}

/** A summary is short: it is read at once. */
async function* summaryOf<K extends "days" | "items">(database: Database, filter: SummaryFilter, by: K) {
  yield (await summarise(database, filter))[by];
}

export interface Export<Filter> {
  readonly says: string;
  readonly file: (database: Database, filter: Filter, options: FileOptions) => Readable;
}

/** There is no index on all movements by time, so the kinds come one after the other. */
async function* movements(database: Database, filter: MovementFilter): AsyncGenerator<Movement[]> {
  const bought = { ...filter, outcome: "bought" as const };
  for await (const rows of portionsOf((page) => listAttempts(database, { ...bought, ...page }))) {
    yield rows.map((row) => ({
      ...row,
      ...BUYS,
      kind: "purchase",
      id: row.attemptId,
      at: row.decidedAt,
      what: row.itemName,
    }));
  }
  for await (const rows of portionsOf((page) => listRecordedOrders(database, { ...filter, ...page }))) {
    yield rows.map((row) => ({
      ...row,
      ...BUYS,
      kind: "order",
      id: row.orderId,
      at: row.placedAt,
      what: row.contents,
    }));
  }
  for await (const rows of portionsOf((page) => listRefunds(database, { ...filter, ...page }))) {
    yield rows.map((row) => ({
      ...row,
      ...GIVES_BACK,
      kind: row.orderId === null ? "refund" : "order_refund",
      id: row.refundId,
      at: row.refundedAt,
    }));
  }
  for await (const rows of portionsOf((page) => listCredits(database, { ...filter, ...page }))) {
    yield rows.map((row) => ({ ...row, ...COMES_IN, id: row.creditId, at: row.creditedAt, what: row.reason }));
  }
}

const BUYS = { from: "wallet", to: "revenue" } as const;
const GIVES_BACK = { from: "revenue", to: "wallet" } as const;
const COMES_IN = { from: "funding", to: "wallet" } as const;

interface Movement {
  readonly kind: MovementKind;
  readonly id: string | number;
  readonly at: string;
  readonly userId: string;
  readonly from: "wallet" | "revenue" | "funding";
  readonly to: "wallet" | "revenue";
  readonly amountCents: number | null;
  readonly balanceCents: number | null;
  readonly itemId?: number | null;
  readonly orderId?: number | null;
  readonly what: string;
}

const ATTEMPTS: readonly Column<AttemptRecord>[] = [
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

const ORDERS: readonly Column<RecordedOrder>[] = [
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

const REFUNDS: readonly Column<RefundRecord>[] = [
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

const CREDITS: readonly Column<CreditRecord>[] = [
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

const MOVEMENTS: readonly Column<Movement>[] = [
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

const CHANGES: readonly Column<AuditEntry>[] = [
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

const DAYS: readonly Column<SummaryDay>[] = [
  plain("day", (row) => row.day),
  ...sold<SummaryDay>(),
  ...money<SummaryDay>("opening_balances", (row) => row.openingCents),
  ...money<SummaryDay>("top_ups", (row) => row.topUpCents),
  ...money<SummaryDay>("credits", (row) => row.creditCents),
  currency,
];

const ITEMS: readonly Column<SummaryItem>[] = [
  plain("sale_id", (row) => row.saleId),
  words("sale", (row) => row.saleName),
  plain("item_id", (row) => row.itemId),
  plain("product_id", (row) => row.productId),
  words("name", (row) => row.name),
  ...sold<SummaryItem>(),
  currency,
];

import type { MovementFilter } from "../../shared/record.ts";
import type { MovementKind } from "../../shared/wallets.ts";
import type { Database } from "../database/database.ts";
import { listAttempts } from "./attempts.ts";
import { listCredits } from "./credits.ts";
import { portionsOf } from "./csv-file.ts";
import { listRecordedOrders } from "./orders.ts";
import { listRefunds } from "./refunds.ts";

/** The ledger in portions. There is no index on all movements by time, so the kinds come one after the other. */
export async function* movements(database: Database, filter: MovementFilter): AsyncGenerator<Movement[]> {
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

export interface Movement {
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

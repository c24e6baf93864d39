import type { Tx } from "../database/database.ts";
import { pipeline } from "../database/transaction.ts";
import type { SaleTimes } from "../sales/sale-status.ts";
import { fingerprintOf, heldKey, scopedKey } from "./decide.ts";
import type { BuyRequest, DecidedAttempt, Facts, ItemFacts } from "./facts.ts";
import type { Lock } from "./lines.ts";
import * as statements from "./read-statements.ts";
import { storedKey } from "./stored-key.ts";
import { type StoredAttempt, storedResult } from "./stored-result.ts";

/** Everything that the decision and its writes need, in one round trip: locks first, as `settle` says. */
export async function lockAndRead(tx: Tx, requests: readonly BuyRequest[], lock: Lock) {
  const userIds = [...new Set(requests.map((request) => request.userId))];
  const itemIds = [...new Set(requests.map((request) => request.itemId))];
  const rows = await pipeline(tx, [
    statements.lockItems[lock].bind({ itemIds }),
    statements.lockWallets.bind({ userIds, itemIds }),
    statements.readSales.bind({ itemIds }),
    statements.readKnown.bind({
      askingUserIds: requests.map((request) => request.userId),
      keys: requests.map(storedKey),
    }),
    statements.readHeld.bind({ userIds, itemIds }),
  ]);
  const [locked, wallets, sales, known, held] = rows as unknown as ReadRows;
  const saleOf = new Map(sales.map((sale) => [sale.itemId, sale]));
  const facts: Facts = {
    items: new Map(locked.flatMap((item) => itemFacts(item, saleOf.get(item.id)))),
    nowMs: sales[0]?.nowMs ?? 0,
    customers: customersOf(userIds, known, requests),
    balances: new Map(wallets.map((row) => [row.userId, row.balanceCents])),
    held: new Map(held.map((row) => [heldKey(row.userId, row.itemId), row.units])),
    decided: new Map(known.flatMap((row) => decidedAttempt(row, requests))),
  };
  return {
    facts,
    decidedAt: sales[0]?.now,
    saleIds: new Map(sales.map((sale) => [sale.itemId, sale.saleId])),
    walletPlaces: new Map(wallets.map((row) => [row.userId, row.place])),
    itemPlaces: new Map(locked.map((row) => [row.id, row.place])),
  };
}

export type Read = Awaited<ReturnType<typeof lockAndRead>>;

function itemFacts(item: ItemRow, sale: SaleRow | undefined): [number, ItemFacts][] {
  return sale ? [[item.id, { ...item, currency: sale.currency, sale }]] : [];
}

/** Whether each buyer is active; a buyer who does not exist is left out. */
function customersOf(
  userIds: readonly string[],
  known: readonly KnownRow[],
  requests: readonly BuyRequest[],
): Map<string, boolean> {
  const customers = new Map(userIds.map((userId) => [userId, true]));
  for (const { active, askedAt } of known) {
    const userId = requests[askedAt - 1]?.userId ?? "";
    if (active === null) customers.delete(userId);
    else customers.set(userId, active);
  }
  return customers;
}

function decidedAttempt({ askedAt, ...row }: KnownRow, requests: readonly BuyRequest[]): [string, DecidedAttempt][] {
  const request = requests[askedAt - 1];
  if (!request || row.id === null) return [];
  return [
    [scopedKey(request.userId, request.idempotencyKey), { fingerprint: fingerprintOf(row), result: storedResult(row) }],
  ];
}

/** `place`: see `statement-parts.ts`. */
type ItemRow = Omit<ItemFacts, "currency" | "sale"> & { place: string };
type SaleRow = SaleTimes & { itemId: number; saleId: number; currency: string; now: string; nowMs: number };
type WalletRow = { userId: string; balanceCents: number; place: string };
/** `askedAt` counts requests from 1; the attempt's columns are null together. */
type KnownRow = { active: boolean | null; askedAt: number } & (StoredAttempt | { id: null });
type HeldRow = { userId: string; itemId: number; units: number };
type ReadRows = [ItemRow[], WalletRow[], SaleRow[], KnownRow[], HeldRow[]];

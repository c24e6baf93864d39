import type { PurchaseResult } from "../../shared/purchases.ts";
import type { HowToSettle } from "../concurrency/batcher.ts";
import type { Lock } from "../concurrency/queues.ts";
import type { Database, Tx } from "../database/database.ts";
import type { Statement } from "../database/prepared-statement.ts";
import { pipeline, pipelineAndCommit } from "../database/transaction.ts";
import {
  type BuyRequest,
  type DecidedAttempt,
  type Decision,
  decide,
  type Facts,
  fingerprintOf,
  heldKey,
  saleKey,
  scopedKey,
} from "./decide.ts";
import type { ItemFacts, SaleFacts } from "./refusals.ts";
import * as statements from "./statements.ts";
import { type StoredAttempt, storedKey, storedResult } from "./stored.ts";

/**
 * Settles a batch of requests in one transaction: locks, reads, decides, writes, commits.
 *
 * The lock order, which holds for everything that touches stock or money: items ascending by id, then wallets
 * ascending by user id. At READ COMMITTED each statement sees what was committed before it began; so the sales, the
 * customers, earlier attempts and the clock are read by statements after the locks, and see all that the wait for a
 * lock let happen.
 *
 * Requests whose item (with `lock: "skip"`) or whose wallet another session has locked are not decided, and nothing is
 * written for them.
 *
 * Reads are one round trip, writes and commit one. The outcome holds if and only if this returns: what it throws was rolled
 * back, except UnknownOutcomeError (see `withTransaction`).
 *
 * @param requests in the order of their ids, in which they are decided
 * @param options.onDecided called when the decision is on its way to the disk; once more if the transaction is run again
 */
export async function settle(
  database: Database,
  requests: readonly BuyRequest[],
  { lock = "wait", onDecided = () => {} }: Partial<HowToSettle> = {},
): Promise<Settlement> {
  return database.withTransaction(
    async (tx) => {
      const startedAt = performance.now();
      const read = await lockAndRead(tx, requests, lock);
      const lockMs = performance.now() - startedAt;
      const { lockedItemIds, passedOver } = lockedElsewhere(read, requests);
      const free = requests.filter((request) => !passedOver.has(request));
      const decision = decide(read.facts, free);
      const results = decision.results.values();
      const written = writeAndCommit(tx, read, decision);
      onDecided();
      await written;
      return {
        results: requests.map((request) => (passedOver.has(request) ? undefined : results.next().value)),
        lockedItemIds,
        lockMs,
        changedSaleIds: new Set([...decision.stock.keys()].map((itemId) => read.saleIds.get(itemId) ?? 0)),
      };
    },
    { name: "purchase", deadlineMs: SETTLE_DEADLINE_MS, keepPlans: true },
  );
}

/** Everything that the decision and its writes need, in one round trip: locks first, as `settle` says. */
async function lockAndRead(tx: Tx, requests: readonly BuyRequest[], lock: Lock) {
  const userIds = [...new Set(requests.map((request) => request.userId))];
  const itemIds = [...new Set(requests.map((request) => request.itemId))];
  const rows = await pipeline(tx, [
    statements.lockItems[lock].bind({ itemIds }),
    statements.lockWallets.bind({ userIds, itemIds }),
    statements.readKnown.bind({
      askingUserIds: requests.map((request) => request.userId),
      keys: requests.map(storedKey),
      itemIds,
    }),
    statements.readSales.bind({ itemIds }),
    statements.readHeld.bind({ userIds, itemIds }),
  ]);
  const [locked, wallets, known, sales, held] = rows as unknown as ReadRows;
  const saleOf = new Map(sales.map((sale) => [sale.itemId, sale]));
  const facts: Facts = {
    items: new Map(locked.flatMap((item) => itemFacts(item, saleOf.get(item.id)))),
    nowMs: sales[0]?.nowMs ?? 0,
    customers: customersOf(userIds, known, requests),
    balances: new Map(wallets.map((row) => [row.userId, row.balanceCents])),
    held: heldOf(held, saleOf),
    admitted: new Set(known.flatMap((row) => admittedKeys(row, requests))),
    decided: new Map(known.flatMap((row) => decidedAttempt(row, requests))),
  };
  return {
    facts,
    decidedAt: sales[0]?.now,
    saleIds: new Map(sales.map((sale) => [sale.itemId, sale.saleId])),
    walletCtids: new Map(wallets.map((row) => [row.userId, row.ctid])),
    itemCtids: new Map(locked.map((row) => [row.id, row.ctid])),
  };
}

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

/** Units of each item, and of all items of each sale that has a limit. */
function heldOf(rows: readonly HeldRow[], saleOf: ReadonlyMap<number, SaleRow>): Map<string, number> {
  const held = new Map<string, number>();
  for (const { userId, itemId, units, otherSaleId } of rows) {
    held.set(heldKey(userId, itemId), units);
    const ofSale = saleKey(userId, otherSaleId ?? saleOf.get(itemId)?.saleId ?? 0);
    held.set(ofSale, (held.get(ofSale) ?? 0) + units);
  }
  return held;
}

function admittedKeys({ askedAt, admittedSaleIds }: KnownRow, requests: readonly BuyRequest[]): string[] {
  const userId = requests[askedAt - 1]?.userId ?? "";
  return (admittedSaleIds ?? []).map((saleId) => saleKey(userId, saleId));
}

function decidedAttempt(
  { askedAt, admittedSaleIds: _, ...row }: KnownRow,
  requests: readonly BuyRequest[],
): [string, DecidedAttempt][] {
  const request = requests[askedAt - 1];
  if (!request || row.id === null) return [];
  return [
    [scopedKey(request.userId, request.idempotencyKey), { fingerprint: fingerprintOf(row), result: storedResult(row) }],
  ];
}

/** Whose item or wallet another session has locked. */
function lockedElsewhere({ facts, saleIds }: Read, requests: readonly BuyRequest[]) {
  // The item is there, and yet its lock was not to be had.
  const lockedItemIds = new Set([...saleIds.keys()].filter((itemId) => !facts.items.has(itemId)));
  const walletsWereLocked = [...facts.items.values()].some((item) => item.remaining > 0);
  const passedOver = requests.filter(
    ({ itemId, userId }) =>
      lockedItemIds.has(itemId) || (walletsWereLocked && facts.customers.has(userId) && !facts.balances.has(userId)),
  );
  return { lockedItemIds, passedOver: new Set(passedOver) };
}

/** Writes travel together with the commit; a batch that changes nothing has nothing to write. */
async function writeAndCommit(tx: Tx, read: Read, { attempts, balances, stock }: Decision): Promise<void> {
  const { decidedAt, walletCtids, itemCtids } = read;
  const writes: Statement[] = [];
  if (attempts.length > 0) writes.push(insertAttempts(decidedAt, attempts));
  if (balances.size > 0) {
    writes.push(
      statements.updateWallets.bind({
        walletCtids: [...balances.keys()].map((userId) => walletCtids.get(userId)),
        balances: [...balances.values()],
      }),
    );
  }
  if (stock.size > 0) {
    const sold = [...stock.values()];
    writes.push(
      statements.updateItems.bind({
        decidedAt,
        itemCtids: [...stock.keys()].map((itemId) => itemCtids.get(itemId)),
        remainings: sold.map(({ remaining }) => remaining),
        lastPositions: sold.map(({ lastPosition }) => lastPosition),
      }),
    );
  }
  if (writes.length > 0) await pipelineAndCommit(tx, writes);
}

function insertAttempts(decidedAt: string | undefined, attempts: Decision["attempts"]): Statement {
  const bought = attempts.map(({ result }) => (result.outcome === "purchased" ? result : undefined));
  const refused = attempts.map(({ result }) => (result.outcome === "refused" ? result : undefined));
  return statements.insertAttempts.bind({
    decidedAt,
    ids: attempts.map(({ request }) => request.id),
    attemptUserIds: attempts.map(({ request }) => request.userId),
    attemptItemIds: attempts.map(({ request }) => request.itemId),
    quantities: attempts.map(({ request }) => request.quantity),
    keys: attempts.map(({ request }) => storedKey(request)),
    refusalCodes: refused.map((result) => result?.code ?? null),
    refusalMessages: refused.map((result) => result?.message ?? null),
    amounts: bought.map((result) => result?.amountCents ?? null),
    balancesAfter: bought.map((result) => result?.balanceCents ?? null),
    remainings: bought.map((result) => result?.remaining ?? null),
    positions: bought.map((result) => result?.position ?? null),
  });
}

export interface Settlement {
  /** The answers in the order of the requests; undefined for those that were passed over. */
  readonly results: (PurchaseResult | undefined)[];
  /** Items that were passed over. */
  readonly lockedItemIds: ReadonlySet<number>;
  /** From the first statement until all locks were held and everything was read. */
  readonly lockMs: number;
  /** Sales whose stock has changed. */
  readonly changedSaleIds: ReadonlySet<number>;
}

/** Longer than a lock may be waited for (5 s), shorter than a request waits in its queue (10 s). */
const SETTLE_DEADLINE_MS = 8_000;

type Read = Awaited<ReturnType<typeof lockAndRead>>;

/** `ctid`: see `statements.ts`. */
type ItemRow = Omit<ItemFacts, "currency" | "sale"> & { ctid: string };
type SaleRow = SaleFacts & { itemId: number; currency: string; now: string; nowMs: number };
type WalletRow = { userId: string; balanceCents: number; ctid: string };
/** `askedAt` counts requests from 1; the attempt's columns are null together. */
type KnownRow = { active: boolean | null; askedAt: number; admittedSaleIds: number[] | null } & (
  | StoredAttempt
  | { id: null }
);
/** `otherSaleId`: of an item that nobody in the batch asks for. */
type HeldRow = { userId: string; itemId: number; units: number; otherSaleId: number | null };
type ReadRows = [ItemRow[], WalletRow[], KnownRow[], SaleRow[], HeldRow[]];

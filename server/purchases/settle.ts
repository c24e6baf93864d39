import type { PurchaseResult } from "../../shared/purchases.ts";
import type { Database, Tx } from "../database/database.ts";
import { pipeline, pipelineAndCommit } from "../database/pipeline.ts";
import type { Statement } from "../database/prepared-statement.ts";
import type { SaleTimes } from "../sales/sale-status.ts";
import { type Decision, decide, fingerprintOf, scopedKey } from "./decide.ts";
import type { BuyRequest, DecidedAttempt, Facts, ItemFacts } from "./facts.ts";
import * as statements from "./statements.ts";
import { type StoredAttempt, storedResult } from "./stored-result.ts";

/**
 * Settles a batch of requests for one item in one transaction: locks, reads, decides, writes, commits.
 *
 * The lock order, which holds for everything that touches stock or money: items ascending by id, then wallets
 * ascending by user id. At READ COMMITTED each statement sees what was committed before it began; so the sale, the
 * customers, earlier attempts and the clock are read by statements after the locks, and see all that the wait for a
 * lock let happen.
 *
 * Reads are one round trip, writes and commit one. The outcome holds if and only if this returns: what it throws was rolled
 * back, except UnknownOutcomeError (see `withTransaction`).
 *
 * @returns the answers in the order of `requests`, and the sale whose stock changed, if any did
 */
export async function settle(database: Database, itemId: number, requests: readonly BuyRequest[]): Promise<Settlement> {
  return database.withTransaction(
    async (tx) => {
      const { facts, decidedAt, saleId } = await lockAndRead(tx, itemId, requests);
      const decision = decide(facts, requests);
      await writeAndCommit(tx, itemId, decidedAt, decision);
      return { results: decision.results, changedSaleId: decision.stock && saleId };
    },
    { name: "purchase", deadlineMs: SETTLE_DEADLINE_MS },
  );
}

export interface Settlement {
  readonly results: PurchaseResult[];
  readonly changedSaleId: number | undefined;
}

/** Longer than a lock may be waited for (5 s), shorter than a request waits in line (10 s). */
const SETTLE_DEADLINE_MS = 8_000;

async function lockAndRead(tx: Tx, itemId: number, requests: readonly BuyRequest[]) {
  const userIds = [...new Set(requests.map((request) => request.userId))].sort();
  const rows = await pipeline(tx, [
    statements.lockItem.bind({ itemId }),
    statements.lockWallets.bind({ userIds }),
    statements.readSale.bind({ itemId }),
    statements.readCustomers.bind({ userIds }),
    statements.readDecided.bind({
      askingUserIds: requests.map((request) => request.userId),
      keys: requests.map((request) => request.idempotencyKey),
    }),
    statements.readHeld.bind({ userIds, itemId }),
  ]);
  const [[item], wallets, [sale], customers, decided, held] = rows as unknown as ReadRows;
  const facts: Facts = {
    item: itemFacts(item, sale),
    nowMs: sale?.nowMs ?? 0,
    customers: new Map(customers.map((row) => [row.id, row.active])),
    balances: new Map(wallets.map((row) => [row.userId, row.balanceCents])),
    held: new Map(held.map((row) => [row.userId, row.units])),
    decided: new Map(decided.map(decidedAttempt)),
  };
  return { facts, decidedAt: sale?.now, saleId: sale?.saleId };
}

/** Writes travel together with the commit; a batch that changes nothing has nothing to write. */
async function writeAndCommit(
  tx: Tx,
  itemId: number,
  decidedAt: string | undefined,
  decision: Decision,
): Promise<void> {
  const writes: Statement[] = [];
  if (decision.attempts.length > 0) writes.push(insertAttempts(itemId, decidedAt, decision.attempts));
  if (decision.balances.size > 0) {
    writes.push(
      statements.updateWallets.bind({
        paidUserIds: [...decision.balances.keys()],
        balances: [...decision.balances.values()],
      }),
    );
  }
  if (decision.stock) writes.push(statements.updateItem.bind({ itemId, decidedAt, ...decision.stock }));
  if (writes.length > 0) await pipelineAndCommit(tx, writes);
}

function insertAttempts(itemId: number, decidedAt: string | undefined, attempts: Decision["attempts"]): Statement {
  const bought = attempts.map(({ result }) => (result.outcome === "purchased" ? result : undefined));
  const refused = attempts.map(({ result }) => (result.outcome === "refused" ? result : undefined));
  return statements.insertAttempts.bind({
    itemId,
    decidedAt,
    ids: attempts.map(({ request }) => request.id),
    attemptUserIds: attempts.map(({ request }) => request.userId),
    quantities: attempts.map(({ request }) => request.quantity),
    keys: attempts.map(({ request }) => request.idempotencyKey),
    fingerprints: attempts.map(({ request }) => fingerprintOf(request)),
    refusalCodes: refused.map((result) => result?.code ?? null),
    refusalMessages: refused.map((result) => result?.message ?? null),
    amounts: bought.map((result) => result?.amountCents ?? null),
    balancesAfter: bought.map((result) => result?.balanceCents ?? null),
    remainings: bought.map((result) => result?.remaining ?? null),
    positions: bought.map((result) => result?.position ?? null),
  });
}

function itemFacts(item: ItemRow | undefined, sale: SaleRow | undefined): ItemFacts | undefined {
  return item && sale ? { ...item, currency: sale.currency, sale } : undefined;
}

function decidedAttempt(row: DecidedRow): [string, DecidedAttempt] {
  const result = storedResult(row);
  return [scopedKey(row.userId, row.idempotencyKey), { fingerprint: row.fingerprint, result }];
}

type ItemRow = Omit<ItemFacts, "currency" | "sale">;
type SaleRow = SaleTimes & { saleId: number; currency: string; now: string; nowMs: number };
type WalletRow = { userId: string; balanceCents: number };
type CustomerRow = { id: string; active: boolean };
type DecidedRow = StoredAttempt & { userId: string; idempotencyKey: string; fingerprint: string };
type HeldRow = { userId: string; units: number };
type ReadRows = [ItemRow[], WalletRow[], SaleRow[], CustomerRow[], DecidedRow[], HeldRow[]];

import type { PurchaseResult } from "../../shared/purchases.ts";
import type { Database } from "../database/database.ts";
import { decide } from "./decide.ts";
import type { BuyRequest } from "./facts.ts";
import type { Lock } from "./lines.ts";
import { lockAndRead, type Read } from "./lock-and-read.ts";
import { writeAndCommit } from "./write-and-commit.ts";

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
  { lock = "wait", onDecided = () => {} }: SettleOptions = {},
): Promise<Settlement> {
  return database.withTransaction(
    async (tx) => {
      const startedAt = performance.now();
      const read = await lockAndRead(tx, requests, lock);
      const lockMs = performance.now() - startedAt;
      const { free, lockedItemIds, isLockedElsewhere } = withoutLocked(read, requests);
      const decision = decide(read.facts, free);
      const written = writeAndCommit(tx, read, decision);
      onDecided();
      await written;
      return {
        results: inOrderOf(requests, isLockedElsewhere, decision.results),
        lockedItemIds,
        lockMs,
        changedSaleIds: new Set([...decision.stock.keys()].map((itemId) => read.saleIds.get(itemId) ?? 0)),
      };
    },
    { name: "purchase", deadlineMs: SETTLE_DEADLINE_MS, keepPlans: true },
  );
}

export interface SettleOptions {
  /** What to do about an item that another transaction has locked: pass over its requests, or wait for it. */
  readonly lock?: Lock;
  readonly onDecided?: () => void;
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

/** Longer than a lock may be waited for (5 s), shorter than a request waits in line (10 s). */
const SETTLE_DEADLINE_MS = 8_000;

/** Tells the requests that can be decided from those whose item or wallet another session has locked. */
function withoutLocked({ facts, saleIds }: Read, requests: readonly BuyRequest[]) {
  // The item is there, and yet its lock was not to be had.
  const lockedItemIds = new Set([...saleIds.keys()].filter((itemId) => !facts.items.has(itemId)));
  const walletsWereLocked = [...facts.items.values()].some((item) => item.remaining > 0);
  const isLockedElsewhere = ({ itemId, userId }: BuyRequest) =>
    lockedItemIds.has(itemId) || (walletsWereLocked && facts.customers.has(userId) && !facts.balances.has(userId));
  return { free: requests.filter((request) => !isLockedElsewhere(request)), lockedItemIds, isLockedElsewhere };
}

function inOrderOf(
  requests: readonly BuyRequest[],
  isLockedElsewhere: (request: BuyRequest) => boolean,
  results: readonly PurchaseResult[],
): (PurchaseResult | undefined)[] {
  if (results.length === requests.length) return [...results];
  let next = 0;
  return requests.map((request) => (isLockedElsewhere(request) ? undefined : results[next++]));
}

import type { StockChanged, WarehouseAnswer, WarehouseRefused } from "../../../shared/warehouse.ts";
import type { Database, Tx } from "../../database/database.ts";
import type { Statement } from "../../database/prepared-statement.ts";
import { retryOnConflict } from "../../database/retry-on-conflict.ts";
import { pipeline, pipelineAndCommit, type Row } from "../../database/transaction.ts";
import {
  answerAgain,
  DEADLINE_MS,
  findRecords,
  insertRecords,
  type KeyedRequest,
  lockKeys,
  recordsOf,
} from "./records.ts";

/** What a request does, in two steps around the decision. */
export interface Change {
  /** Names it in error texts. */
  readonly name: string;
  /** Locks the products; must do nothing at all when there is a record of the key (`$1`) already. */
  readonly lock: Statement;
  /** Decides on what `lock` answered. The statements write what was decided. */
  decide(locked: readonly Row[]): { answer: StockChanged | WarehouseRefused; writes: readonly Statement[] };
}

/**
 * Answers a request once, in a transaction of its own: changes the stock and stores the answer, or answers what was stored.
 * KEY_REUSED alone is not stored.
 *
 * Two round trips, and as many statements for a thousand lines as for one: the key, its record and the products; then the
 * changes, the record and COMMIT.
 *
 * @throws what `withTransaction` throws; after UnknownOutcomeError the same key finds out what happened
 */
export function answerOnce(database: Database, request: KeyedRequest, change: Change): Promise<WarehouseAnswer> {
  return retryOnConflict(() =>
    database.withTransaction((tx) => answerIn(tx, request, change), { name: change.name, deadlineMs: DEADLINE_MS }),
  );
}

async function answerIn(tx: Tx, request: KeyedRequest, change: Change): Promise<WarehouseAnswer> {
  const keys = [request.key];
  const [, records, locked] = await pipeline(tx, [lockKeys(keys, "wait"), findRecords(keys), change.lock]);
  const stored = recordsOf(records ?? []).get(request.key);
  if (stored) return answerAgain(request, stored);
  const { answer, writes } = change.decide(locked ?? []);
  await pipelineAndCommit(tx, [...writes, insertRecords([{ request, answer }])]);
  return answer;
}

import type { StockChanged, WarehouseAnswer, WarehouseRefused } from "../../../shared/warehouse.ts";
import type { Database, Tx } from "../../database/database.ts";
import { pipeline, pipelineAndCommit, type Row } from "../../database/pipeline.ts";
import type { Statement } from "../../database/prepared-statement.ts";
import { runAgainOnConflict } from "../../database/run-again-on-conflict.ts";

/*
 * One key, one answer, whatever happens in between.
 *
 * Lock order: the key (an advisory lock), then the products, ascending. Who comes second with a key waits at the key, and
 * then finds the record that the first one committed together with the change. Nodes of a cluster do not see each other's
 * advisory locks: there the unique key of the record undoes what the second one did, and it runs again. Rows of the
 * history and the record are only ever inserted.
 *
 * Two round trips, and as many statements for a thousand lines as for one: the key, its record and the products; then the
 * changes, the record and COMMIT.
 */

/** A request that changes the stock. */
export interface KeyedRequest {
  readonly key: string;
  /** Two requests with one key are the same when this text is the same. */
  readonly fingerprint: string;
  /** 32 hexadecimal digits. */
  readonly traceId: string | undefined;
}

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
 * Answers a request once: changes the stock and stores the answer in one transaction, or answers what was stored.
 * KEY_REUSED alone is not stored.
 *
 * @throws what `withTransaction` throws; after UnknownOutcomeError the same key finds out what happened
 */
export function answerOnce(database: Database, request: KeyedRequest, change: Change): Promise<WarehouseAnswer> {
  return runAgainOnConflict(() =>
    database.withTransaction((tx) => answerIn(tx, request, change), { name: change.name, deadlineMs: DEADLINE_MS }),
  );
}

async function answerIn(tx: Tx, request: KeyedRequest, change: Change): Promise<WarehouseAnswer> {
  const [, records, locked] = await pipeline(tx, [lockKey(request.key), findRecord(request.key), change.lock]);
  const [record] = records ?? [];
  if (record) return answerAgain(request, record);
  const { answer, writes } = change.decide(locked ?? []);
  await pipelineAndCommit(tx, [...writes, insertRecord(request, answer)]);
  return answer;
}

/** The shop gives up after five seconds: before that it is better told that nothing has happened. */
const DEADLINE_MS = 4_000;

/** The stored answer; `jsonb` has forgotten the order of its fields, and nobody has asked for it. */
function answerAgain({ fingerprint }: KeyedRequest, record: Row): WarehouseAnswer {
  if (record.fingerprint !== fingerprint) {
    return {
      outcome: "refused",
      code: "KEY_REUSED",
      message: "This idempotency key was already used for something else.",
      products: [],
      replayed: false,
    };
  }
  return { ...(record.response_data as WarehouseAnswer), replayed: true };
}

/** Advisory locks belong to a database, and a database may hold several stores. Keys of one hash wait for each other. */
const LOCK_KEY = "select pg_advisory_xact_lock(hashtextextended(current_schema() || ' ' || $1::text, 0))";

function lockKey(key: string): Statement {
  return { text: LOCK_KEY, params: [key] };
}

const FIND_RECORD = "select fingerprint, response_data from idempotency_records where key = $1";

function findRecord(key: string): Statement {
  return { text: FIND_RECORD, params: [key] };
}

const INSERT_RECORD = "insert into idempotency_records (key, fingerprint, response_data) values ($1, $2, $3::jsonb)";

function insertRecord({ key, fingerprint }: KeyedRequest, answer: WarehouseAnswer): Statement {
  return { text: INSERT_RECORD, params: [key, fingerprint, answer] };
}

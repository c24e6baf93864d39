import { createHash } from "node:crypto";
import type { StockChanged, WarehouseAnswer } from "../../../shared/warehouse.ts";
import type { Lock } from "../../concurrency/queues.ts";
import type { Statement } from "../../database/prepared-statement.ts";
import type { Row } from "../../database/transaction.ts";

/*
 * One key, one answer, whatever happens in between: the answer is stored under its key in the transaction that makes it
 * true.
 *
 * Lock order: the keys (advisory locks, ascending), then the products, ascending. Who comes second with a key waits at the
 * key, and then finds the record that the first one committed together with the change. Nodes of a cluster do not see each
 * other's advisory locks: there the unique key of the record undoes what the second one did, and it runs again. Rows of the
 * history and the record are only ever inserted.
 */

/** A request that changes the stock. */
export interface KeyedRequest {
  readonly key: string;
  /** Two requests with one key are the same when this text is the same. */
  readonly fingerprint: string;
  /** 32 hexadecimal digits. */
  readonly traceId: string | undefined;
}

/**
 * What makes two requests the same: what they do, for whom, and the units of each line. What a receipt says about a
 * product besides may have changed between two tries, and does not count.
 */
export function fingerprintOf(
  operation: "dispatch" | "receive",
  { reference, lines }: { reference: string; lines: readonly { productId: number; quantity: number }[] },
): string {
  const text = JSON.stringify([operation, reference, lines.map(({ productId, quantity }) => [productId, quantity])]);
  return createHash("sha256").update(text).digest("hex");
}

/** The shop gives up after five seconds: before that it is better told that nothing has happened. */
export const DEADLINE_MS = 4_000;

/** What is stored under a key. */
export interface StoredAnswer {
  readonly fingerprint: string;
  readonly answer: WarehouseAnswer;
}

/** Advisory locks belong to a database, and a database may hold several stores. Keys of one hash wait for each other. */
const HASH_OF_KEY = "hashtextextended(current_schema() || ' ' || key, 0)";

const LOCK_KEYS: Record<Lock, string> = {
  skip: `select key from unnest($1::text[]) as asked (key) where pg_try_advisory_xact_lock(${HASH_OF_KEY})`,
  wait: `
    select pg_advisory_xact_lock(hash)
    from (select distinct ${HASH_OF_KEY} as hash from unnest($1::text[]) as asked (key) order by hash) as hashed`,
};

/** Locks keys; with "skip" it answers those that it got (`key`). */
export function lockKeys(keys: readonly string[], lock: Lock): Statement {
  return { text: LOCK_KEYS[lock], params: [keys] };
}

/** To be run after `lockKeys`, so that it sees all that the wait for a key let happen. */
export function findRecords(keys: readonly string[]): Statement {
  return { text: FIND_RECORDS, params: [keys] };
}

/** A subquery with a limit is run for each key by itself, so that only the index serves it, however empty the table was. */
const FIND_RECORDS = `
  select asked.key, record.fingerprint, record.response_data
  from unnest($1::text[]) as asked (key)
  cross join lateral (
    select fingerprint, response_data
    from idempotency_records
    where idempotency_records.key = asked.key
    limit 1
  ) as record`;

/** What `findRecords` answered, by key. */
export function recordsOf(rows: readonly Row[]): Map<string, StoredAnswer> {
  return new Map(
    rows.map((row) => [
      row.key as string,
      { fingerprint: row.fingerprint as string, answer: row.response_data as WarehouseAnswer },
    ]),
  );
}

/** In the order of keys: transactions that do not see each other's locks on keys then never wait in a circle. */
const INSERT_RECORDS = `
  insert into idempotency_records (key, fingerprint, response_data, created_at)
  select key, fingerprint, response_data::jsonb, statement_timestamp()
  from unnest($1::text[], $2::text[], $3::text[]) as decided (key, fingerprint, response_data)
  order by key`;

/** Each key at most once. */
export function insertRecords(decided: readonly { request: KeyedRequest; answer: WarehouseAnswer }[]): Statement {
  return {
    text: INSERT_RECORDS,
    params: [
      decided.map(({ request }) => request.key),
      decided.map(({ request }) => request.fingerprint),
      decided.map(({ answer }) => JSON.stringify(answer)),
    ],
  };
}

/** The stored answer, as a replay; `jsonb` has forgotten the order of its fields, and nobody has asked for it. */
export function answerAgain({ fingerprint }: KeyedRequest, stored: StoredAnswer): WarehouseAnswer {
  if (stored.fingerprint !== fingerprint) {
    return {
      outcome: "refused",
      code: "KEY_REUSED",
      message: "This idempotency key was already used for something else.",
      products: [],
      replayed: false,
    };
  }
  return { ...stored.answer, replayed: true };
}

const INSERT_UPDATES = `
  insert into inventory_updates
    (product_id, quantity_change, previous_stock, new_stock, reference, idempotency_key, trace_id, updated_at)
  select product_id, quantity_change, previous_stock, new_stock, reference, idempotency_key, trace_id,
    statement_timestamp()
  from unnest($1::bigint[], $2::bigint[], $3::bigint[], $4::bigint[], $5::text[], $6::text[], $7::text[])
    with ordinality
    as changed (product_id, quantity_change, previous_stock, new_stock, reference, idempotency_key, trace_id, place)
  order by place`;

/**
 * Writes changes into the history, in the order in which they were decided. The products must be locked, so that each one's
 * ids are in that order too.
 */
export function insertUpdates(changes: readonly { request: KeyedRequest; answer: StockChanged }[]): Statement {
  const rows = changes.flatMap(({ request, answer: { reference, updates } }) =>
    updates.map((update) => ({ ...update, reference, request })),
  );
  return {
    text: INSERT_UPDATES,
    params: [
      rows.map(({ productId }) => productId),
      rows.map(({ quantityChange }) => quantityChange),
      rows.map(({ previousStock }) => previousStock),
      rows.map(({ newStock }) => newStock),
      rows.map(({ reference }) => reference),
      rows.map(({ request }) => request.key),
      rows.map(({ request }) => request.traceId ?? null),
    ],
  };
}

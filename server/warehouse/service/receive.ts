import { Fault } from "../../../shared/faults.ts";
import type { ReceiveBody, StockChanged, WarehouseAnswer } from "../../../shared/warehouse.ts";
import type { Database } from "../../database/database.ts";
import type { Statement } from "../../database/prepared-statement.ts";
import { retryOnConflict } from "../../database/retry-on-conflict.ts";
import { SQL_STATE, sqlStateOf } from "../../database/sqlstate.ts";
import { pipeline, pipelineAndCommit, type Row, type Tx } from "../../database/transaction.ts";
import { unitsByProduct } from "./decide.ts";
import {
  answerAgain,
  DEADLINE_MS,
  findRecords,
  fingerprintOf,
  insertRecords,
  insertUpdates,
  type KeyedRequest,
  lockKeys,
  recordsOf,
} from "./records.ts";

/**
 * Takes goods in, once for each key, and makes the products that the warehouse does not know yet.
 *
 * @throws Fault INVALID_INPUT for more units than the stock of a product can count; what `withTransaction` throws; after
 * UnknownOutcomeError the same key finds out what happened
 */
export async function receive(
  database: Database,
  body: ReceiveBody,
  { key, traceId }: { key: string; traceId: string | undefined },
): Promise<WarehouseAnswer> {
  const request = { key, traceId, fingerprint: fingerprintOf("receive", body) };
  try {
    return await retryOnConflict(() =>
      database.withTransaction((tx) => receiveIn(tx, request, body), { name: "receive", deadlineMs: DEADLINE_MS }),
    );
  } catch (error) {
    if (sqlStateOf(error) !== SQL_STATE.checkViolation) throw error;
    throw new Fault("INVALID_INPUT", "That is more than the stock of a product can count.", { cause: error });
  }
}

/**
 * Two round trips, and as many statements for a thousand lines as for one: the key, its record and the products; then the
 * changes, the record and COMMIT.
 */
async function receiveIn(tx: Tx, request: KeyedRequest, body: ReceiveBody): Promise<WarehouseAnswer> {
  const keys = [request.key];
  const [, records = [], added = []] = await pipeline(tx, [
    lockKeys(keys, "wait"),
    findRecords(keys),
    addUnits(request.key, body),
  ]);
  const stored = recordsOf(records).get(request.key);
  if (stored) return answerAgain(request, stored);
  const answer = changedBy(body, added);
  await pipelineAndCommit(tx, [insertUpdates([{ request, answer }]), insertRecords([{ request, answer }])]);
  return answer;
}

/** In the order of products, which is that of every lock on them. Adds nothing when there is a record of the key. */
const ADD_UNITS = `
  insert into products (product_id, name, description, price_cents, stock_quantity, created_at, updated_at)
  select received.product_id, received.name, received.description, received.price_cents, received.quantity,
    statement_timestamp(), statement_timestamp()
  from unnest($2::bigint[], $3::text[], $4::text[], $5::bigint[], $6::bigint[])
    as received (product_id, name, description, price_cents, quantity)
  where not exists (select from idempotency_records where key = $1)
  order by received.product_id
  on conflict (product_id) do update set
    stock_quantity = products.stock_quantity + excluded.stock_quantity,
    name = coalesce(nullif(excluded.name, ''), products.name),
    description = coalesce(nullif(excluded.description, ''), products.description),
    price_cents = coalesce(nullif(excluded.price_cents, 0), products.price_cents),
    updated_at = excluded.updated_at
  returning product_id, stock_quantity`;

function addUnits(key: string, { lines }: ReceiveBody): Statement {
  const units = unitsByProduct(lines);
  // Of several lines about one product the last one names it.
  const named = new Map(lines.map((line) => [line.productId, line]));
  const products = [...units.keys()].map((productId) => named.get(productId));
  return {
    text: ADD_UNITS,
    params: [
      key,
      [...units.keys()],
      products.map((product) => product?.name),
      products.map((product) => product?.description),
      products.map((product) => product?.priceCents),
      [...units.values()],
    ],
  };
}

function changedBy({ reference, lines }: ReceiveBody, added: readonly Row[]): StockChanged {
  const newStocks = new Map(added.map((row) => [row.product_id, row.stock_quantity as number]));
  const updates = [...unitsByProduct(lines)].map(([productId, quantity]) => {
    const newStock = newStocks.get(productId);
    if (newStock === undefined) throw new Error(`product ${productId} was received and has no stock`);
    return { productId, quantityChange: quantity, previousStock: newStock - quantity, newStock };
  });
  return { outcome: "done", reference, updates, replayed: false };
}

import type { DispatchBody, StockChanged, WarehouseAnswer } from "../../../shared/warehouse.ts";
import type { Database } from "../../database/database.ts";
import type { Row } from "../../database/pipeline.ts";
import type { Statement } from "../../database/prepared-statement.ts";
import { answerOnce } from "./answer-once.ts";
import { decideDispatch } from "./decide.ts";
import { fingerprintOf } from "./fingerprint.ts";
import { insertUpdates } from "./write-updates.ts";

/**
 * Takes goods out of the stock, all lines or none, once for each key. A refusal is an answer like any other and stored: it
 * stays for ever under its key. That is right because the shop sends a dispatch only when the goods that it sold have
 * arrived here, so what is missing then is missing for good.
 *
 * @throws what `answerOnce` throws
 */
export function dispatch(
  database: Database,
  body: DispatchBody,
  { key, traceId }: { key: string; traceId: string | undefined },
): Promise<WarehouseAnswer> {
  const request = { key, traceId, fingerprint: fingerprintOf("dispatch", body) };
  return answerOnce(database, request, {
    name: "dispatch",
    lock: { text: LOCK_PRODUCTS, params: [key, body.lines.map(({ productId }) => productId)] },
    decide(locked) {
      const answer = decideDispatch(body, stockOf(locked));
      if (answer.outcome === "refused") return { answer, writes: [] };
      return { answer, writes: [updateProducts(answer), insertUpdates(request, answer)] };
    },
  });
}

const LOCK_PRODUCTS = `
  select product_id, stock_quantity
  from products
  where product_id = any ($2::bigint[])
    -- A replay waits for nobody.
    and not exists (select from idempotency_records where key = $1)
  order by product_id
  for update`;

function stockOf(rows: readonly Row[]): Map<number, number> {
  return new Map(rows.map((row) => [row.product_id as number, row.stock_quantity as number]));
}

const UPDATE_PRODUCTS = `
  update products
  set stock_quantity = changed.new_stock, updated_at = clock_timestamp()
  from unnest($1::bigint[], $2::bigint[]) as changed (product_id, new_stock)
  where products.product_id = changed.product_id`;

function updateProducts({ updates }: StockChanged): Statement {
  return {
    text: UPDATE_PRODUCTS,
    params: [updates.map(({ productId }) => productId), updates.map(({ newStock }) => newStock)],
  };
}

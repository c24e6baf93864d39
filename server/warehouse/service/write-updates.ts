import type { StockChanged } from "../../../shared/warehouse.ts";
import type { Statement } from "../../database/prepared-statement.ts";
import type { KeyedRequest } from "./answer-once.ts";

const INSERT_UPDATES = `
  insert into inventory_updates
    (product_id, quantity_change, previous_stock, new_stock, reference, idempotency_key, trace_id)
  select changed.product_id, changed.quantity_change, changed.previous_stock, changed.new_stock, $5, $6, $7
  from unnest($1::bigint[], $2::bigint[], $3::bigint[], $4::bigint[])
    as changed (product_id, quantity_change, previous_stock, new_stock)
  order by changed.product_id`;

/** Writes the changes into the history. The products must be locked, so that each one's ids are in order. */
export function insertUpdates({ key, traceId }: KeyedRequest, { reference, updates }: StockChanged): Statement {
  return {
    text: INSERT_UPDATES,
    params: [
      updates.map(({ productId }) => productId),
      updates.map(({ quantityChange }) => quantityChange),
      updates.map(({ previousStock }) => previousStock),
      updates.map(({ newStock }) => newStock),
      reference,
      key,
      traceId ?? null,
    ],
  };
}

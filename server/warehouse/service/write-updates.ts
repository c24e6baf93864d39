import type { StockChanged } from "../../../shared/warehouse.ts";
import type { Statement } from "../../database/prepared-statement.ts";
import type { KeyedRequest } from "./records.ts";

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

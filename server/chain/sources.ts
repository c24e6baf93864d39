import { type SQL, sql } from "drizzle-orm";

/*
 * What the chain covers, and the bytes that a row is hashed as. docs/chain.md says the same in words, for whoever computes it
 * with something else; `canonical.db.test.ts` does, and asks that no column is forgotten.
 */

/** A table of records that are never changed. */
export interface Source {
  readonly name: SourceName;
  /** The chain that a row belongs to. */
  readonly chain: SQL;
  /** A UUID; a number is written as one, which no other can meet. */
  readonly id: SQL;
  /** When it was decided: read before its transaction is 10 s old. */
  readonly time: SQL;
  /** What it says, in the order in which it is hashed. */
  readonly columns: readonly string[];
  /** More that is hashed behind them, as text. */
  readonly more?: SQL;
}

export const SOURCE_NAMES = [
  "purchase_attempts",
  "refunds",
  "orders",
  "order_refunds",
  "credits",
  "stock_adjustments",
  "receipts",
  "audit_log",
] as const;
export type SourceName = (typeof SOURCE_NAMES)[number];

const UUID = sql`id`;
const NUMBER = sql`lpad(to_hex(id), 32, '0')::uuid`;

export const SOURCES: readonly Source[] = [
  {
    name: "purchase_attempts",
    chain: sql`'item:' || item_id`,
    id: UUID,
    time: sql`decided_at`,
    columns: words(`
      id user_id item_id quantity idempotency_key refusal_code refusal_message amount_cents balance_after_cents
      remaining_after position decided_at
    `),
  },
  {
    name: "refunds",
    chain: sql`'refunds'`,
    id: UUID,
    time: sql`refunded_at`,
    columns: words(`
      id purchase_id user_id item_id quantity amount_cents balance_after_cents remaining_after units_returned
      reason actor_id idempotency_key fingerprint refunded_at
    `),
  },
  {
    name: "orders",
    chain: sql`'orders'`,
    id: NUMBER,
    time: sql`created_at`,
    // What never changes once it is paid, which it is before anybody else sees it.
    columns: words(`
      id customer_id warehouse_id request_id fingerprint amount_cents currency balance_after_cents paid_at
      created_at
    `),
    more: sql`(
      select string_agg(${netstrings(["line", "product_id", "product_name", "price_cents", "quantity"])}, '' order by line)
      from order_items
      where order_id = source.id
    )`,
  },
  {
    name: "order_refunds",
    chain: sql`'order_refunds'`,
    id: UUID,
    time: sql`refunded_at`,
    columns: words(`
      id order_id customer_id amount_cents balance_after_cents units_returned reason actor_id idempotency_key
      fingerprint refunded_at
    `),
  },
  {
    name: "credits",
    chain: sql`'credits'`,
    id: UUID,
    time: sql`credited_at`,
    columns: words(
      "id user_id kind amount_cents balance_after_cents reason actor_id idempotency_key fingerprint credited_at",
    ),
  },
  {
    name: "stock_adjustments",
    chain: sql`'stock_adjustments'`,
    id: UUID,
    time: sql`adjusted_at`,
    columns: words(
      "id item_id change allotted_after remaining_after reason actor_id idempotency_key fingerprint adjusted_at",
    ),
  },
  {
    name: "receipts",
    chain: sql`'receipts'`,
    id: UUID,
    time: sql`received_at`,
    columns: words(`
      id warehouse_id product_id units units_after reason actor_id idempotency_key fingerprint on_hand_already
      received_at
    `),
  },
  {
    name: "audit_log",
    chain: sql`'audit_log'`,
    id: NUMBER,
    time: sql`occurred_at`,
    columns: words("id occurred_at actor_kind actor_id action subject outcome details"),
  },
];

function words(text: string): string[] {
  return text.trim().split(/\s+/);
}

/** Rows with their chain, id, time and digest. @param where on the source's columns */
export function digested({ name, chain, id, time, columns, more }: Source, where: SQL): SQL {
  const bytes = sql`${`${name.length}:${name},`} || ${netstrings(columns)}${more ? sql` || coalesce(${more}, '')` : sql``}`;
  return sql`
    select ${chain} as chain, ${id} as id, ${time} as at, sha256(convert_to(${bytes}, 'UTF8')) as digest
    from ${sql.identifier(name)} as source
    where ${where}
    -- Each digest is computed once, however often it is named.
    offset 0
  `;
}

/** Columns as `length:text,` each, so that no two rows are the same bytes; null is `~,`. Times are microseconds since 1970. */
function netstrings(columns: readonly string[]): SQL {
  const parts = columns.map((column) => {
    const name = sql.identifier(column);
    const text = column.endsWith("_at") ? microseconds(name) : sql`${name}::text`;
    return sql`coalesce(octet_length(${text}) || ':' || ${text} || ',', '~,')`;
  });
  return sql.join(parts, sql` || `);
}

/** Of any time that the type has, `infinity` too: a row that somebody dated so is to be named, and must not end the run. */
export function microseconds(time: SQL | ReturnType<typeof sql.identifier>): SQL {
  return sql`trunc(extract(epoch from ${time}) * 1000000)::text`;
}

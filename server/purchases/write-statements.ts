import { type Query, type SQLWrapper, sql } from "drizzle-orm";
import { PgDialect } from "drizzle-orm/pg-core";
import { items, purchaseAttempts, wallets } from "../../drizzle/schema/index.ts";
import { preparedStatement } from "../database/prepared-statement.ts";
import { bigints, build, parameter, places, uuids } from "./statement-parts.ts";

/** The only insert: a row for each decided attempt. */
export const insertAttempts = preparedStatement(
  build
    .insert(purchaseAttempts)
    .select(
      sql`select asked.id, asked.user_id, asked.item_id, asked.quantity, asked.idempotency_key,
        asked.refusal_code, asked.refusal_message, asked.amount_cents, asked.balance_after_cents,
        asked.remaining_after, asked.position, ${parameter("decidedAt")}::timestamptz
      from unnest(${uuids("ids")}, ${uuids("attemptUserIds")}, ${bigints("attemptItemIds")},
        ${parameter("quantities")}::int[], ${uuids("keys")}, ${parameter("refusalCodes")}::text[],
        ${parameter("refusalMessages")}::text[], ${bigints("amounts")}, ${bigints("balancesAfter")},
        ${parameter("remainings")}::int[], ${bigints("positions")})
        as asked (id, user_id, item_id, quantity, idempotency_key, refusal_code, refusal_message, amount_cents,
          balance_after_cents, remaining_after, position)`,
    )
    .toSQL(),
);

export const updateWallets = preparedStatement(
  allOrNone(
    build
      .update(wallets)
      .set({ balanceCents: sql`paid.balance_cents` })
      .from(sql`unnest(${places("walletPlaces")}, ${bigints("balances")}) as paid (place, balance_cents)`)
      .where(sql`${wallets}.ctid = paid.place`)
      .returning({ one: sql`1`.as("one") }),
    "walletPlaces",
  ),
);

export const updateItems = preparedStatement(
  allOrNone(
    build
      .update(items)
      .set({
        remaining: sql`sold.remaining`,
        lastPosition: sql`sold.last_position`,
        lastSoldAt: sql`${parameter("decidedAt")}::timestamptz`,
        version: sql`${items.version} + 1`,
      })
      .from(
        sql`unnest(${places("itemPlaces")}, ${parameter("remainings")}::int[], ${bigints("lastPositions")})
          as sold (place, remaining, last_position)`,
      )
      .where(sql`${items}.ctid = sold.place`)
      .returning({ one: sql`1`.as("one") }),
    "itemPlaces",
  ),
);

/**
 * Fails the transaction, by a division by zero, unless every place that was given held a row. COMMIT travels with these
 * statements, so nobody could look at what they did before it.
 */
function allOrNone(update: SQLWrapper, placesName: string): Query {
  return new PgDialect().sqlToQuery(sql`
    with changed as (${update.getSQL()})
    select 1 / (count(*) = cardinality(${places(placesName)}))::int as all_changed from changed`);
}

import {
  type AnyColumn,
  and,
  asc,
  eq,
  exists,
  gt,
  isNotNull,
  or,
  type Query,
  type SQL,
  type SQLWrapper,
  sql,
} from "drizzle-orm";
import { PgDialect } from "drizzle-orm/pg-core";
import { drizzle } from "drizzle-orm/postgres-js";
import { items, purchaseAttempts, refunds, saleAdmissions, sales, users, wallets } from "../../drizzle/schema/index.ts";
import { preparedStatement } from "../database/prepared-statement.ts";
import { epochMs, epochMsOrNull } from "../database/times.ts";

/*
 * The statements of the purchase, built by Drizzle once and run prepared. Drizzle's own execution would plan each one
 * anew and take two round trips for it.
 *
 * Their plans are kept, also those that were made while the tables were empty and every way through them looked equally
 * short. So each statement is written such that it can only be run by the right index: a test holds each plan to that.
 */

const build = drizzle.mock();
const parameter = sql.placeholder;

/** Selects columns under the names of the table's properties, which is what the rows are read by. */
function named<Columns extends Record<string, AnyColumn>>(columns: Columns) {
  const entries = Object.entries(columns).map(([name, column]) => [name, sql`${column}`.as(name)]);
  return Object.fromEntries(entries) as { [Name in keyof Columns]: SQL.Aliased };
}

/** Where a row lies. That of a locked row cannot change before its own transaction updates it. */
const ctidOf = (table: typeof items | typeof wallets) => sql<string>`${table}.ctid::text`.as("ctid");

const uuids = (name: string) => sql`${parameter(name)}::uuid[]`;
const ctids = (name: string) => sql`${parameter(name)}::tid[]`;
const bigints = (name: string) => sql`${parameter(name)}::bigint[]`;

/**
 * The first lock: the items, ascending by id. It reads the items alone: a join here would give fresh stock beside a stale
 * sale.
 */
const itemsToLock = () =>
  build
    .select({
      ...named({
        id: items.id,
        priceCents: items.priceCents,
        remaining: items.remaining,
        limitPerCustomer: items.limitPerCustomer,
        lastPosition: items.lastPosition,
      }),
      lastSoldAtMs: epochMsOrNull(items.lastSoldAt).as("lastSoldAtMs"),
      ctid: ctidOf(items),
    })
    .from(items)
    .where(eq(items.id, sql`any(${bigints("itemIds")})`))
    .orderBy(asc(items.id));

export const lockItems = {
  wait: preparedStatement(itemsToLock().for("update").toSQL()),
  skip: preparedStatement(itemsToLock().for("update", { skipLocked: true }).toSQL()),
} as const;

/**
 * The second lock: the buyers' wallets, ascending by user. A wallet that another session has locked is passed over: one
 * buyer must not hold up a crowd. Where everything is sold out nobody pays, and no wallet is locked.
 */
export const lockWallets = preparedStatement(
  build
    .select({ ...named({ userId: wallets.userId, balanceCents: wallets.balanceCents }), ctid: ctidOf(wallets) })
    .from(wallets)
    .where(
      and(
        eq(wallets.userId, sql`any(${uuids("userIds")})`),
        exists(
          build
            .select({ one: sql`1` })
            .from(items)
            .where(and(eq(items.id, sql`any(${bigints("itemIds")})`), gt(items.remaining, 0))),
        ),
      ),
    )
    .orderBy(asc(wallets.userId))
    .for("update", { skipLocked: true })
    .toSQL(),
);

/** A subquery with a limit is run for each row by itself, so that only one index serves it. */
const sale = build.select().from(sales).where(eq(sales.id, items.saleId)).limit(1).as("sale");

const customer = build
  .select({ active: users.active })
  .from(users)
  .where(eq(users.id, sql`asked.user_id`))
  .limit(1)
  .as("customer");

const attempt = build
  .select()
  .from(purchaseAttempts)
  .where(
    and(
      eq(purchaseAttempts.userId, sql`asked.user_id`),
      eq(purchaseAttempts.idempotencyKey, sql`asked.idempotency_key`),
    ),
  )
  .limit(1)
  .as("attempt");

/** The sales and the clock that decides, read after the locks were waited for. Shows which items exist, too. */
export const readSales = preparedStatement(
  build
    .select({
      ...named({ itemId: items.id, saleId: sale.id, currency: sale.currency, saleLimit: sale.limitPerCustomer }),
      ...named({ needsAccessCode: sale.needsAccessCode }),
      startsAtMs: epochMs(sale.startsAt).as("startsAtMs"),
      endsAtMs: epochMs(sale.endsAt).as("endsAtMs"),
      pausedAtMs: epochMsOrNull(sale.pausedAt).as("pausedAtMs"),
      cancelledAtMs: epochMsOrNull(sale.cancelledAt).as("cancelledAtMs"),
      now: sql<string>`clock.now::text`.as("now"),
      nowMs: epochMs(sql`clock.now`).as("nowMs"),
    })
    .from(items)
    .innerJoinLateral(sale, sql`true`)
    .innerJoin(sql`(select clock_timestamp() as now) as clock`, sql`true`)
    .where(eq(items.id, sql`any(${bigints("itemIds")})`))
    .toSQL(),
);

/** The sales that are asked for and need a code; null where there is none. It is found out once, whatever the requests. */
const codedSaleIds = sql`(
  select array_agg(items.sale_id)
  from items
  where items.id = any(${bigints("itemIds")}) and (
    ${build.select({ needed: sales.needsAccessCode }).from(sales).where(eq(sales.id, items.saleId)).limit(1)}
  )
)`;

/** Those of them that the buyer has entered a code of: only for requests that have a row. */
const admittedSaleIds = sql<number[] | null>`case when ${codedSaleIds} is not null then (
  select array_agg(admission.sale_id)
  from ${saleAdmissions} as admission
  where admission.user_id = asked.user_id and admission.sale_id = any(${codedSaleIds}::bigint[])
) end`;

/**
 * What is to be known of each request beforehand: its buyer, when that is not simply an active one, the attempt that was
 * decided under its key earlier, and which sales that need a code the buyer is in. Nearly all requests have no row: then the
 * buyer exists and is active, the key is new, and no sale needs a code.
 *
 * It comes before the clock is read (`readSales`), so that whoever is in was let in before their purchase is decided.
 */
export const readKnown = preparedStatement(
  build
    .select({
      askedAt: sql<number>`asked.at`.as("askedAt"),
      ...named({
        active: customer.active,
        id: attempt.id,
        itemId: attempt.itemId,
        quantity: attempt.quantity,
        refusalCode: attempt.refusalCode,
        refusalMessage: attempt.refusalMessage,
        amountCents: attempt.amountCents,
        balanceAfterCents: attempt.balanceAfterCents,
        remainingAfter: attempt.remainingAfter,
        position: attempt.position,
      }),
      admittedSaleIds: admittedSaleIds.as("admittedSaleIds"),
    })
    .from(
      sql`unnest(${uuids("askingUserIds")}, ${uuids("keys")}) with ordinality
        as asked (user_id, idempotency_key, at)`,
    )
    .leftJoinLateral(customer, sql`true`)
    .leftJoinLateral(attempt, sql`true`)
    .where(or(isNotNull(attempt.id), sql`${customer.active} is not true`, sql`${codedSaleIds} is not null`))
    .toSQL(),
);

const refund = build.select({ id: refunds.id }).from(refunds).where(eq(refunds.purchaseId, sql`bought.id`)).limit(1);

/**
 * A buyer's purchases. Their order makes them a query of their own, which only the index of what each buyer
 * bought serves: on a table that looks empty, all purchases of an item seem as short a way.
 */
const bought = build
  .select({ id: purchaseAttempts.id, itemId: purchaseAttempts.itemId, quantity: purchaseAttempts.quantity })
  .from(purchaseAttempts)
  .where(and(eq(purchaseAttempts.userId, sql`asked.user_id`), isNotNull(purchaseAttempts.position)))
  .orderBy(asc(purchaseAttempts.userId), asc(purchaseAttempts.id))
  .as("bought");

/** Of the sale of an item, read for each by itself. */
const limitOfSale = build
  .select({ limitPerCustomer: sales.limitPerCustomer })
  .from(sales)
  .where(eq(sales.id, items.saleId))
  .limit(1);

/** All items of the sales that are asked for and have a limit: found out once, where a buyer has bought something else. */
const itemsOfLimitedSales = sql`array(
  select sibling.id
  from items
  cross join lateral (
    select id from items as sibling where sibling.sale_id = items.sale_id order by sibling.sale_id, sibling.ordinal offset 0
  ) as sibling
  where items.id = any(${bigints("itemIds")}) and (${limitOfSale}) is not null
)`;

/**
 * Units that count against a limit: bought and not refunded, of the items that are asked for, and of those that a limit of
 * their sale counts besides, with that sale. Empty where no item and no sale has a limit.
 */
export const readHeld = preparedStatement(
  build
    .select({
      userId: sql<string>`asked.user_id`.as("userId"),
      ...named({ itemId: bought.itemId }),
      units: sql<number>`sum(${bought.quantity})::bigint`.as("units"),
      otherSaleId: sql<number | null>`case when ${bought.itemId} <> all(${bigints("itemIds")}) then (
        select items.sale_id from items where items.id = ${bought.itemId} limit 1
      ) end`.as("otherSaleId"),
    })
    .from(sql`unnest(${uuids("userIds")}) as asked (user_id)`)
    .innerJoinLateral(bought, sql`true`)
    .where(
      and(
        or(eq(bought.itemId, sql`any(${bigints("itemIds")})`), eq(bought.itemId, sql`any(${itemsOfLimitedSales})`)),
        sql`${refund} is null`,
        exists(
          build
            .select({ one: sql`1` })
            .from(items)
            .where(
              and(
                eq(items.id, sql`any(${bigints("itemIds")})`),
                or(isNotNull(items.limitPerCustomer), sql`(${limitOfSale}) is not null`),
              ),
            ),
        ),
      ),
    )
    .groupBy(sql`asked.user_id`, bought.itemId)
    .toSQL(),
);

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
      .from(sql`unnest(${ctids("walletCtids")}, ${bigints("balances")}) as paid (row_ctid, balance_cents)`)
      .where(sql`${wallets}.ctid = paid.row_ctid`)
      .returning({ one: sql`1`.as("one") }),
    "walletCtids",
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
        sql`unnest(${ctids("itemCtids")}, ${parameter("remainings")}::int[], ${bigints("lastPositions")})
          as sold (row_ctid, remaining, last_position)`,
      )
      .where(sql`${items}.ctid = sold.row_ctid`)
      .returning({ one: sql`1`.as("one") }),
    "itemCtids",
  ),
);

/**
 * Fails the transaction, by a division by zero, unless a row was found at each ctid that was given. COMMIT travels with these
 * statements, so nobody could look at what they did before it.
 */
function allOrNone(update: SQLWrapper, ctidsName: string): Query {
  return new PgDialect().sqlToQuery(sql`
    with changed as (${update.getSQL()})
    select 1 / (count(*) = cardinality(${ctids(ctidsName)}))::int as all_changed from changed`);
}

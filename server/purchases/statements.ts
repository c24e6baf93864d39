import { type AnyColumn, and, asc, eq, exists, gt, isNotNull, isNull, or, type SQL, sql } from "drizzle-orm";
import { drizzle } from "drizzle-orm/postgres-js";
import { items, purchaseAttempts, refunds, sales, users, wallets } from "../../drizzle/schema/index.ts";
import { preparedStatement } from "../database/prepared-statement.ts";
import { epochMs, epochMsOrNull } from "../database/times.ts";

/*
 * The statements of the purchase, built by Drizzle once and run prepared. Drizzle's own execution would plan each one
 * anew and take two round trips for it.
 */

const build = drizzle.mock();
const parameter = sql.placeholder;

/** Selects columns under the names of the table's properties, which is what the rows are read by. */
function named<Columns extends Record<string, AnyColumn>>(columns: Columns) {
  const entries = Object.entries(columns).map(([name, column]) => [name, sql`${column}`.as(name)]);
  return Object.fromEntries(entries) as { [Name in keyof Columns]: SQL.Aliased };
}
const uuids = (name: string) => sql`${parameter(name)}::uuid[]`;
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
    .select(named({ userId: wallets.userId, balanceCents: wallets.balanceCents }))
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

/** The sales and the clock that decides, read after the locks were waited for. Shows which items exist, too. */
export const readSales = preparedStatement(
  build
    .select({
      ...named({ itemId: items.id, saleId: sales.id, currency: sales.currency }),
      startsAtMs: epochMs(sales.startsAt).as("startsAtMs"),
      endsAtMs: epochMs(sales.endsAt).as("endsAtMs"),
      pausedAtMs: epochMsOrNull(sales.pausedAt).as("pausedAtMs"),
      cancelledAtMs: epochMsOrNull(sales.cancelledAt).as("cancelledAtMs"),
      now: sql<string>`clock.now::text`.as("now"),
      nowMs: epochMs(sql`clock.now`).as("nowMs"),
    })
    .from(items)
    .innerJoin(sales, eq(sales.id, items.saleId))
    .innerJoin(sql`(select clock_timestamp() as now) as clock`, sql`true`)
    .where(eq(items.id, sql`any(${bigints("itemIds")})`))
    .toSQL(),
);

/**
 * What is to be known of each request beforehand: its buyer, when that is not simply an active one, and the attempt that was
 * decided under its key earlier. There is no row for a request about which there is nothing to say, which is nearly all.
 */
export const readKnown = preparedStatement(
  build
    .select({
      ...named({
        active: users.active,
        id: purchaseAttempts.id,
        itemId: purchaseAttempts.itemId,
        quantity: purchaseAttempts.quantity,
        fingerprint: purchaseAttempts.fingerprint,
        refusalCode: purchaseAttempts.refusalCode,
        refusalMessage: purchaseAttempts.refusalMessage,
        amountCents: purchaseAttempts.amountCents,
        balanceAfterCents: purchaseAttempts.balanceAfterCents,
        remainingAfter: purchaseAttempts.remainingAfter,
        position: purchaseAttempts.position,
      }),
      askedAt: sql<number>`asked.at`.as("askedAt"),
    })
    .from(
      sql`unnest(${uuids("askingUserIds")}, ${parameter("keys")}::text[]) with ordinality
        as asked (user_id, idempotency_key, at)`,
    )
    .leftJoin(users, eq(users.id, sql`asked.user_id`))
    .leftJoin(
      purchaseAttempts,
      sql`${purchaseAttempts.userId} = asked.user_id and ${purchaseAttempts.idempotencyKey} = asked.idempotency_key`,
    )
    .where(or(isNotNull(purchaseAttempts.id), sql`${users.active} is not true`))
    .toSQL(),
);

/** Units that count against a limit: bought and not refunded. Empty where no item has a limit. */
export const readHeld = preparedStatement(
  build
    .select({
      ...named({ userId: purchaseAttempts.userId, itemId: purchaseAttempts.itemId }),
      units: sql<number>`sum(${purchaseAttempts.quantity})::bigint`.as("units"),
    })
    .from(purchaseAttempts)
    .leftJoin(refunds, eq(refunds.purchaseId, purchaseAttempts.id))
    .where(
      and(
        eq(purchaseAttempts.userId, sql`any(${uuids("userIds")})`),
        eq(purchaseAttempts.itemId, sql`any(${bigints("itemIds")})`),
        isNotNull(purchaseAttempts.position),
        isNull(refunds.id),
        exists(
          build
            .select({ one: sql`1` })
            .from(items)
            .where(and(eq(items.id, sql`any(${bigints("itemIds")})`), isNotNull(items.limitPerCustomer))),
        ),
      ),
    )
    .groupBy(purchaseAttempts.userId, purchaseAttempts.itemId)
    .toSQL(),
);

/** The only insert: a row for each decided attempt. */
export const insertAttempts = preparedStatement(
  build
    .insert(purchaseAttempts)
    .select(
      sql`select asked.id, asked.user_id, asked.item_id, asked.quantity, asked.idempotency_key,
        asked.fingerprint, asked.refusal_code, asked.refusal_message, asked.amount_cents, asked.balance_after_cents,
        asked.remaining_after, asked.position, ${parameter("decidedAt")}::timestamptz
      from unnest(${uuids("ids")}, ${uuids("attemptUserIds")}, ${bigints("attemptItemIds")},
        ${parameter("quantities")}::int[], ${parameter("keys")}::text[], ${parameter("fingerprints")}::text[], ${parameter("refusalCodes")}::text[],
        ${parameter("refusalMessages")}::text[], ${bigints("amounts")}, ${bigints("balancesAfter")},
        ${parameter("remainings")}::int[], ${bigints("positions")})
        as asked (id, user_id, item_id, quantity, idempotency_key, fingerprint, refusal_code, refusal_message, amount_cents,
          balance_after_cents, remaining_after, position)`,
    )
    .toSQL(),
);

export const updateWallets = preparedStatement(
  build
    .update(wallets)
    .set({ balanceCents: sql`paid.balance_cents` })
    .from(sql`unnest(${uuids("paidUserIds")}, ${bigints("balances")}) as paid (user_id, balance_cents)`)
    .where(eq(wallets.userId, sql`paid.user_id`))
    .toSQL(),
);

export const updateItems = preparedStatement(
  build
    .update(items)
    .set({
      remaining: sql`sold.remaining`,
      lastPosition: sql`sold.last_position`,
      lastSoldAt: sql`${parameter("decidedAt")}::timestamptz`,
      version: sql`${items.version} + 1`,
    })
    .from(
      sql`unnest(${bigints("soldItemIds")}, ${parameter("remainings")}::int[], ${bigints("lastPositions")})
        as sold (item_id, remaining, last_position)`,
    )
    .where(eq(items.id, sql`sold.item_id`))
    .toSQL(),
);

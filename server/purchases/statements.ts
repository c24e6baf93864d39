import { type AnyColumn, and, asc, eq, exists, inArray, isNotNull, isNull, type SQL, sql } from "drizzle-orm";
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

/** The first lock. It reads the item alone: a join here would give fresh stock beside a stale sale. */
export const lockItem = preparedStatement(
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
    .where(eq(items.id, parameter("itemId")))
    .for("update")
    .toSQL(),
);

/** The second lock: all wallets of the batch, in ascending order. */
export const lockWallets = preparedStatement(
  build
    .select(named({ userId: wallets.userId, balanceCents: wallets.balanceCents }))
    .from(wallets)
    .where(eq(wallets.userId, sql`any(${uuids("userIds")})`))
    .orderBy(asc(wallets.userId))
    .for("update")
    .toSQL(),
);

/** The sale and the clock that decides, read after the locks were waited for. */
export const readSale = preparedStatement(
  build
    .select({
      ...named({ saleId: sales.id, currency: sales.currency }),
      startsAtMs: epochMs(sales.startsAt).as("startsAtMs"),
      endsAtMs: epochMs(sales.endsAt).as("endsAtMs"),
      pausedAtMs: epochMsOrNull(sales.pausedAt).as("pausedAtMs"),
      cancelledAtMs: epochMsOrNull(sales.cancelledAt).as("cancelledAtMs"),
      now: sql<string>`clock.now::text`.as("now"),
      nowMs: epochMs(sql`clock.now`).as("nowMs"),
    })
    .from(sales)
    .innerJoin(sql`(select clock_timestamp() as now) as clock`, sql`true`)
    .where(
      inArray(
        sales.id,
        build
          .select({ id: items.saleId })
          .from(items)
          .where(eq(items.id, parameter("itemId"))),
      ),
    )
    .toSQL(),
);

export const readCustomers = preparedStatement(
  build
    .select(named({ id: users.id, active: users.active }))
    .from(users)
    .where(eq(users.id, sql`any(${uuids("userIds")})`))
    .toSQL(),
);

/** Attempts that were decided earlier with one of these keys. */
export const readDecided = preparedStatement(
  build
    .select(
      named({
        id: purchaseAttempts.id,
        userId: purchaseAttempts.userId,
        itemId: purchaseAttempts.itemId,
        quantity: purchaseAttempts.quantity,
        idempotencyKey: purchaseAttempts.idempotencyKey,
        fingerprint: purchaseAttempts.fingerprint,
        refusalCode: purchaseAttempts.refusalCode,
        refusalMessage: purchaseAttempts.refusalMessage,
        amountCents: purchaseAttempts.amountCents,
        balanceAfterCents: purchaseAttempts.balanceAfterCents,
        remainingAfter: purchaseAttempts.remainingAfter,
        position: purchaseAttempts.position,
      }),
    )
    .from(purchaseAttempts)
    .innerJoin(
      sql`unnest(${uuids("askingUserIds")}, ${parameter("keys")}::text[]) as asked (user_id, idempotency_key)`,
      sql`asked.user_id = ${purchaseAttempts.userId} and asked.idempotency_key = ${purchaseAttempts.idempotencyKey}`,
    )
    .toSQL(),
);

/** Units that count against the limit: bought and not refunded. Empty for an item without a limit. */
export const readHeld = preparedStatement(
  build
    .select({
      ...named({ userId: purchaseAttempts.userId }),
      units: sql<number>`sum(${purchaseAttempts.quantity})::bigint`.as("units"),
    })
    .from(purchaseAttempts)
    .leftJoin(refunds, eq(refunds.purchaseId, purchaseAttempts.id))
    .where(
      and(
        eq(purchaseAttempts.userId, sql`any(${uuids("userIds")})`),
        eq(purchaseAttempts.itemId, parameter("itemId")),
        isNotNull(purchaseAttempts.position),
        isNull(refunds.id),
        exists(
          build
            .select({ one: sql`1` })
            .from(items)
            .where(and(eq(items.id, parameter("itemId")), isNotNull(items.limitPerCustomer))),
        ),
      ),
    )
    .groupBy(purchaseAttempts.userId)
    .toSQL(),
);

/** The only insert: a row for each decided attempt. */
export const insertAttempts = preparedStatement(
  build
    .insert(purchaseAttempts)
    .select(
      sql`select asked.id, asked.user_id, ${parameter("itemId")}::bigint, asked.quantity, asked.idempotency_key,
        asked.fingerprint, asked.refusal_code, asked.refusal_message, asked.amount_cents, asked.balance_after_cents,
        asked.remaining_after, asked.position, ${parameter("decidedAt")}::timestamptz
      from unnest(${uuids("ids")}, ${uuids("attemptUserIds")}, ${parameter("quantities")}::int[],
        ${parameter("keys")}::text[], ${parameter("fingerprints")}::text[], ${parameter("refusalCodes")}::text[],
        ${parameter("refusalMessages")}::text[], ${parameter("amounts")}::bigint[], ${parameter("balancesAfter")}::bigint[],
        ${parameter("remainings")}::int[], ${parameter("positions")}::bigint[])
        as asked (id, user_id, quantity, idempotency_key, fingerprint, refusal_code, refusal_message, amount_cents,
          balance_after_cents, remaining_after, position)`,
    )
    .toSQL(),
);

export const updateWallets = preparedStatement(
  build
    .update(wallets)
    .set({ balanceCents: sql`paid.balance_cents` })
    .from(sql`unnest(${uuids("paidUserIds")}, ${parameter("balances")}::bigint[]) as paid (user_id, balance_cents)`)
    .where(eq(wallets.userId, sql`paid.user_id`))
    .toSQL(),
);

export const updateItem = preparedStatement(
  build
    .update(items)
    .set({
      remaining: sql`${parameter("remaining")}::int`,
      lastPosition: sql`${parameter("lastPosition")}::bigint`,
      lastSoldAt: sql`${parameter("decidedAt")}::timestamptz`,
      version: sql`${items.version} + 1`,
    })
    .where(eq(items.id, parameter("itemId")))
    .toSQL(),
);

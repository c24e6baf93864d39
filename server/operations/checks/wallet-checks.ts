import { sql } from "drizzle-orm";
import type { Check } from "./check.ts";

/** The invariants of balances. */
export const WALLET_CHECKS: readonly Check[] = [
  {
    // Of a wallet, all that ever moved it: one buyer has little, however much a shop has.
    name: "balances",
    holds: "each wallet: balance = opening + credits + refunds - purchases - orders",
    subjects: ({ wallets }) => wallets,
    violations: ({ wallets, each }) => sql`
      select format('wallet of %s: balance %s, movements add up to %s',
        wallets.user_id, wallets.balance_cents, coalesce(moved.cents, 0))
      from ${wallets} as wallets
      left join lateral (
        select user_id, sum(case to_account when 'wallet' then amount_cents else -amount_cents end) as cents
        from movements
        where ${each(sql`movements.user_id = wallets.user_id`)}
        group by user_id
      ) as moved on moved.user_id = wallets.user_id
      where wallets.balance_cents <> coalesce(moved.cents, 0)`,
  },
  {
    // In the order of the database's clock, which is read under the wallet's lock: a clock that was set back shows here.
    name: "statements",
    holds: "each movement: balance after = balance before + what it added",
    // It takes every statement from its beginning.
    isFullOnly: true,
    subjects: () => sql`movements`,
    violations: () => sql`
      select format('movement %s of %s: balance after %s, expected %s', id, user_id, balance_after_cents, expected)
      from (
        select id, user_id, balance_after_cents, sum(case to_account when 'wallet' then amount_cents else -amount_cents end)
          over (partition by user_id order by moved_at, id) as expected
        from movements
      ) as statement
      where balance_after_cents <> expected`,
  },
  {
    name: "not negative",
    holds: "no stock, no inventory and no balance is below zero",
    // The database refuses it.
    isFullOnly: true,
    subjects: () => sql`(select from items union all select from inventory union all select from wallets)`,
    violations: () => sql`
      select format('warehouse %s, product %s: %s units', warehouse_id, product_id, units) from inventory where units < 0
      union all
      select format('item %s: remaining %s', id, remaining) from items where remaining < 0
      union all
      select format('wallet of %s: balance %s', user_id, balance_cents) from wallets where balance_cents < 0`,
  },
];

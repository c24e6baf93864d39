import type postgres from "postgres";
import { makeSale } from "../../server/testing/factories.ts";
import type { Store } from "./store.ts";

/**
 * Stores purchases as if the store's buyers had made them one after the other before now, each for one cent: positions
 * without a gap, balances that add up, times in order, so that `reconcile` holds.
 */
export async function storeAttempts(
  store: Store,
  { count, onProgress }: { count: number; onProgress: (stored: number) => void },
): Promise<void> {
  if (count === 0) return;
  const { itemIds } = await makeSale(store.database, [{ stock: count, priceCents: 1 }], { startsInMs: -A_DAY_MS });
  const [itemId = 0] = itemIds;
  await store.sql`
    create unlogged table numbered_buyers as
    select row_number() over (order by random()) - 1 as n, user_id, balance_cents from wallets`;
  await store.sql`alter table numbered_buyers add primary key (n)`;
  await store.sql`analyze numbered_buyers`;
  const [times] = await store.sql<{ begin: string; stepS: number }[]>`
    select begin::text, (extract(epoch from now() - begin) / ${count}::numeric)::double precision as "stepS"
    from (select max(credited_at) + interval '1 ms' as begin from credits) as credited`;
  if (!times) throw new Error("the store has no buyers with money");
  let next = 0;
  let stored = 0;
  const insertBatches = async () => {
    while (next < count) {
      const first = next;
      next += BATCH;
      const last = Math.min(count, next) - 1;
      await insertAttempts(store.sql, { itemId, first, last, count, ...times });
      stored += last - first + 1;
      onProgress(stored);
    }
  };
  await Promise.all([insertBatches(), insertBatches()]);
  await store.sql.begin(async (tx) => {
    await tx`
      update items set remaining = 0, last_position = ${count}::bigint, last_sold_at = now() where id = ${itemId}`;
    await tx`
      update wallets set balance_cents = bought.balance
      from (
        select user_id, min(balance_after_cents) as balance from purchase_attempts group by user_id
      ) as bought
      where bought.user_id = wallets.user_id`;
  });
  await store.sql`drop table numbered_buyers`;
  await store.sql`vacuum analyze`;
  await store.sql`checkpoint`;
}

const A_DAY_MS = 86_400_000;

/** Rows of one statement: a few seconds each. */
const BATCH = 100_000;

/** Everybody buys once, in an order of no meaning, then everybody again. All lies between the first money and now. */
async function insertAttempts(sql: postgres.Sql, { itemId, first, last, count, begin, stepS }: Batch): Promise<void> {
  await sql`
    with crowd as (select count(*) as size from numbered_buyers)
    insert into purchase_attempts (id, user_id, item_id, quantity, idempotency_key, amount_cents,
      balance_after_cents, remaining_after, position, decided_at)
    select uuidv7(), buyers.user_id, ${itemId}, 1, gen_random_uuid(), 1,
      buyers.balance_cents - i / crowd.size - 1, ${count}::bigint - i - 1, i + 1,
      ${begin}::timestamptz + make_interval(secs => ${stepS}::double precision * i)
    from generate_series(${first}::bigint, ${last}::bigint) as i
    cross join crowd
    join numbered_buyers as buyers on buyers.n = i % crowd.size`;
}

interface Batch {
  readonly itemId: number;
  /** Number of the first row and of the last one, of all `count`. */
  readonly first: number;
  readonly last: number;
  readonly count: number;
  /** When all buyers had their money, and the seconds from one purchase to the next. */
  readonly begin: string;
  readonly stepS: number;
}

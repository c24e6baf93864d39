import { sql } from "drizzle-orm";
import type { ChainHead } from "../../shared/chain.ts";
import type { Database } from "../database/database.ts";

/** The last head of every chain that has one, by its name. Reads some at a time. */
export async function* chainHeads(database: Pick<Database, "db">): AsyncGenerator<ChainHead, void> {
  for (let after = ""; ; ) {
    const heads = await headsAfter(database, after);
    yield* heads;
    const last = heads.at(-1);
    if (!last || heads.length < HEADS_AT_ONCE) return;
    after = last.chain;
  }
}

const HEADS_AT_ONCE = 500;

/** Looks for the next chain behind the last one, again and again: each has any number of sets. */
async function headsAfter({ db }: Pick<Database, "db">, after: string): Promise<ChainHead[]> {
  return db.execute<ChainHead & Record<string, unknown>>(sql`
    with recursive chains as (
      select 0 as at, ${after}::text as chain
      union all
      select chains.at + 1, (select min(chain) from chain_sets where chain > chains.chain)
      from chains
      where chains.chain is not null and chains.at < ${HEADS_AT_ONCE}
    )
    select last.chain, last.number, encode(last.head, 'hex') as head
    from chains
    cross join lateral (
      select chain, number, head from chain_sets where chain_sets.chain = chains.chain order by number desc limit 1
    ) as last
    order by chains.at
  `);
}

/** The last heads of the chains of these items' attempts, for what is exported of them. An item of which nothing is sealed has none. */
export async function headsOfItems({ db }: Pick<Database, "db">, itemIds: readonly number[]): Promise<ChainHead[]> {
  return db.execute<ChainHead & Record<string, unknown>>(sql`
    select last.chain, last.number, encode(last.head, 'hex') as head
    from unnest(${sql.param(itemIds)}::bigint[]) as asked (item_id)
    cross join lateral (
      select chain, number, head from chain_sets where chain = 'item:' || asked.item_id order by number desc limit 1
    ) as last
    order by asked.item_id
  `);
}

import { sql } from "drizzle-orm";
import { z } from "zod";
import type { PageInput } from "../../shared/primitives.ts";
import type { ItemHead } from "../../shared/proof.ts";
import type { Database } from "../database/database.ts";
import { decodeCursor, encodeCursor, type Page, page } from "../database/paging.ts";
import { isoTime } from "../database/times.ts";

/**
 * The last heads: first those of the tables that have one chain each, then those of items, the newest item first.
 *
 * @throws Fault INVALID_INPUT for a cursor that is not one of this list
 */
export async function listHeads({ db }: Pick<Database, "db">, { cursor, limit }: PageInput): Promise<Page<ItemHead>> {
  const before = decodeCursor(cursor, z.tuple([z.int()]))?.[0];
  const items = await db.execute<Row>(sql`
    select items.id as "itemId", items.name, items.sale_id as "saleId", sales.name as "saleName", last.*
    from items
    join sales on sales.id = items.sale_id
    cross join lateral (${lastOf(sql`'item:' || items.id`)}) as last
    ${before === undefined ? sql`` : sql`where items.id < ${before}`}
    order by items.id desc
    limit ${limit + 1}
  `);
  const found = page(items, limit, ({ itemId }) => encodeCursor([itemId ?? 0]));
  const tables = before === undefined ? await tableHeads({ db }) : [];
  return { ...found, items: [...tables, ...found.items].map(headOf) };
}

async function tableHeads({ db }: Pick<Database, "db">): Promise<Row[]> {
  return db.execute<Row>(sql`
    select null as "itemId", last.*
    from chain_ends
    cross join lateral (${lastOf(sql`chain_ends.source`)}) as last
    order by last.chain
  `);
}

const lastOf = (chain: ReturnType<typeof sql>) => sql`
  select sets.chain, sets.number, encode(sets.head, 'hex') as head, ends.sealed_until as "sealedUntil"
  from chain_sets as sets
  join chain_ends as ends on ends.source = sets.source
  where sets.chain = ${chain}
  order by sets.number desc
  limit 1
`;

function headOf({ itemId, name, saleId, saleName, chain, number, head, sealedUntil }: Row): ItemHead {
  return {
    chain,
    number,
    head,
    sealedUntil: isoTime(sealedUntil),
    item: itemId === null ? null : { itemId, name, saleId, saleName },
  };
}

interface Row extends Record<string, unknown> {
  readonly itemId: number | null;
  readonly name: string;
  readonly saleId: number;
  readonly saleName: string;
  readonly chain: string;
  readonly number: number;
  readonly head: string;
  readonly sealedUntil: string;
}

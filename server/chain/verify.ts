import { sql } from "drizzle-orm";
import type { ChainFinding, ChainHead, ChainResult } from "../../shared/chain.ts";
import type { Database } from "../database/database.ts";
import { chainEnds } from "./ends.ts";
import { SOURCES, type Source } from "./sources.ts";
import { verifyEnds } from "./verify-ends.ts";
import { verifyStretch } from "./verify-stretch.ts";

/**
 * Computes every head anew from the rows as they are now, in the order in which they were sealed, and ends at the first row
 * that was changed, removed or inserted. Looks at one stretch of time after the other, so it holds no more than the rows of one
 * at a time, and disturbs no more than a few reads do.
 *
 * @param options.published heads that were kept elsewhere: who rewrites the whole chain cannot rewrite these
 * @returns yields how far it has come
 */
export async function* verifyChain(
  database: Pick<Database, "db">,
  { published = [], signal }: { published?: readonly ChainHead[]; signal?: AbortSignal | undefined } = {},
): AsyncGenerator<ChainProgress, ChainResult> {
  const { ends, sealedUntil, ageSeconds } = await chainEnds(database);
  const progress = { rows: 0, sets: 0, rowsTotal: await countSealed(database) };
  const result = (finding: ChainFinding | undefined) => {
    const { rows, sets } = progress;
    return { ok: finding === undefined, finding: finding ?? null, rows, sets, sealedUntil, ageSeconds };
  };
  for (const source of SOURCES) {
    const finding = await verifyEnds(database, source);
    if (finding) return result(finding);
    for await (const stretch of stretches(database, source, ends.get(source.name))) {
      signal?.throwIfAborted();
      const { finding, rows, sets } = await verifyStretch(database, source, stretch);
      progress.rows += rows;
      progress.sets += sets;
      yield { ...progress };
      if (finding) return result(finding);
    }
  }
  return result(await comparePublished(database, published));
}

export interface ChainProgress {
  readonly rows: number;
  readonly sets: number;
  /** Rows that are sealed. */
  readonly rowsTotal: number;
}

/** The times between two seals, from before the first row up to where the source is sealed, so that no time is left out. */
async function* stretches({ db }: Pick<Database, "db">, { name }: Source, end: string | undefined) {
  if (end === undefined) return;
  for (let from = "-infinity"; ; ) {
    const [next] = await db.execute<{ until: string | null; isMore: boolean }>(sql`
      select min(until) as until, ${from}::timestamptz < ${end}::timestamptz as "isMore"
      from chain_sets
      where source = ${name} and until > ${from} and until <= ${end}
    `);
    if (!next?.isMore) return;
    const until = next.until ?? end;
    yield { from, until };
    from = until;
  }
}

async function countSealed({ db }: Pick<Database, "db">): Promise<number> {
  const [row] = await db.execute<{ count: number }>(
    sql`select coalesce(sum(count), 0)::bigint as count from chain_sets`,
  );
  return row?.count ?? 0;
}

async function comparePublished(
  { db }: Pick<Database, "db">,
  published: readonly ChainHead[],
): Promise<ChainFinding | undefined> {
  for (const { chain, number, head } of published) {
    const [row] = await db.execute<{ head: Buffer }>(sql`
      select head from chain_sets where chain = ${chain} and number = ${number}
    `);
    if (row?.head.toString("hex") === head) continue;
    const message = row
      ? `Set ${number} of ${chain} has another head than was published: the chain was rewritten.`
      : `Set ${number} of ${chain} was published, and is not there any more.`;
    return { kind: "published", chain, number, id: null, message };
  }
  return undefined;
}

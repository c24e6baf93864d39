import { type SQL, sql } from "drizzle-orm";
import { readClock } from "../database/clock.ts";
import type { Database, Tx } from "../database/database.ts";
import { digested, microseconds, type Source } from "./sources.ts";

/**
 * Seals the next rows of a source, at most some ten thousand: one set for each chain that has any, in the order of time and id.
 *
 * Everything decided before `until` is committed (see `mark.ts`), and each stretch of time is sealed once: of several workers
 * the second waits for the source's row, and finds it moved. It stands behind rows that nobody changes, so that nothing of what
 * is sold waits for it.
 *
 * @returns whether there is more before `until`
 */
export async function seal(
  database: Database,
  source: Source,
  { until, rowsMax = ROWS_MAX }: { until: string; rowsMax?: number },
): Promise<Sealed> {
  return database.withTransaction(
    async (tx) => {
      await tx.execute(sql`select from chain_ends where source = ${source.name} for update`);
      const stretch = await nextStretch(tx, source, { until, rowsMax });
      if (!stretch) return { isPartial: false };
      await storeSets(tx, source, stretch);
      await tx.execute(sql`update chain_ends set sealed_until = ${stretch.until} where source = ${source.name}`);
      return { isPartial: stretch.isPartial };
    },
    { name: "chain.seal" },
  );
}

export interface Sealed {
  readonly isPartial: boolean;
}

/** A tenth of a second of work, so that a set's rows and a transaction stay small after an outage as well. */
const ROWS_MAX = 10_000;

/** From where the source is sealed up to `until`, or less: halved until there are not too many rows in it. */
async function nextStretch(
  tx: Tx,
  source: Source,
  { until, rowsMax }: { until: string; rowsMax: number },
): Promise<Stretch | undefined> {
  const [end] = await tx.execute<{ from: string }>(sql`
    select
      case
        when sealed_until > '-infinity' then sealed_until
        else coalesce((select min(${source.time}) from ${sql.identifier(source.name)} where ${source.time} > '-infinity'), ${until})
      end as from
    from chain_ends
    where source = ${source.name} and sealed_until < ${until}
  `);
  if (!end) return undefined;
  let stretch: Stretch = { from: end.from, until, isPartial: false };
  while (await isTooLong(tx, source, stretch, rowsMax)) {
    const [half] = await tx.execute<{ until: string }>(sql`
      select from_ + (${stretch.until}::timestamptz - from_) / 2 as until
      from (select ${stretch.from}::timestamptz as from_) as begins
      where ${stretch.until}::timestamptz - from_ > interval '1 millisecond'
    `);
    // What was decided in one batch has one time.
    if (!half) break;
    stretch = { from: end.from, until: half.until, isPartial: true };
  }
  return stretch;
}

async function isTooLong(tx: Tx, source: Source, stretch: Stretch, rowsMax: number): Promise<boolean> {
  const [row] = await tx.execute<{ count: number }>(sql`
    select count(*)::int as count
    from (select from ${sql.identifier(source.name)} where ${within(source, stretch)} limit ${rowsMax + 1}) as found
  `);
  return (row?.count ?? 0) > rowsMax;
}

async function storeSets(tx: Tx, source: Source, stretch: Stretch): Promise<void> {
  const { now } = await readClock(tx);
  const until = sql`${stretch.until}::timestamptz`;
  await tx.execute(sql`
    insert into chain_sets (chain, number, source, until, count, members, head, sealed_at)
    select chain, number, ${source.name}, ${until}, count, members,
      sha256(previous || convert_to(${header(until)}, 'UTF8') || digests), ${now}
    from (
      select rows.chain, coalesce(last.number, 0) + 1 as number, rows.count, rows.members, rows.digests,
        coalesce(last.head, decode(repeat('00', 32), 'hex')) as previous
      from (
        select chain, count(*)::int as count,
          string_agg(uuid_send(id) || substring(digest for ${SHORT_BYTES}), ''::bytea order by at, id) as members,
          string_agg(digest, ''::bytea order by at, id) as digests
        from (${digested(source, within(source, stretch))}) as digested
        group by chain
      ) as rows
      left join lateral (
        select number, head from chain_sets where chain = rows.chain order by number desc limit 1
      ) as last on true
    ) as next
  `);
}

/** What a head says besides the digests of its rows: `length:text,` each. */
function header(until: SQL): SQL {
  const texts = [sql`chain`, sql`number::text`, microseconds(until), sql`count::text`];
  return sql.join(
    texts.map((text) => sql`octet_length(${text}) || ':' || ${text} || ','`),
    sql` || `,
  );
}

export function within({ time }: Source, { from, until }: Pick<Stretch, "from" | "until">): SQL {
  return sql`${time} >= ${from}::timestamptz and ${time} < ${until}::timestamptz`;
}

/** Of each digest, in `members`. The head holds the whole. */
export const SHORT_BYTES = 8;

/** A time, and up to before another one. */
interface Stretch {
  readonly from: string;
  readonly until: string;
  readonly isPartial: boolean;
}

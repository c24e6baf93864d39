import { sql } from "drizzle-orm";
import type { Database } from "../database/database.ts";
import { isoTime } from "../database/times.ts";

/** Up to where each source is sealed; a source of which nothing is sealed yet is left out. */
export async function chainEnds({ db }: Pick<Database, "db">): Promise<ChainEnds> {
  const rows = await db.execute<{ source: string; until: string; age: number }>(sql`
    select source, sealed_until as until,
      greatest(0, extract(epoch from statement_timestamp() - sealed_until))::float8 as age
    from chain_ends
    where sealed_until > '-infinity'
    order by sealed_until
  `);
  const [oldest] = rows;
  return {
    ends: new Map(rows.map(({ source, until }) => [source, until])),
    sealedUntil: oldest ? isoTime(oldest.until) : null,
    ageSeconds: oldest?.age ?? null,
  };
}

export interface ChainEnds {
  /** By source, as the database writes it. */
  readonly ends: ReadonlyMap<string, string>;
  /** Up to where all of them are. */
  readonly sealedUntil: string | null;
  readonly ageSeconds: number | null;
}

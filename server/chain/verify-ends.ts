import { sql } from "drizzle-orm";
import type { ChainFinding } from "../../shared/chain.ts";
import type { Database } from "../database/database.ts";
import { explainDate, setFinding } from "./explain-row.ts";
import { LAG_MS } from "./seal-regularly.ts";
import type { Source } from "./sources.ts";

/**
 * Looks for what no set would show: a source that is not sealed at all, sets beyond its end, and rows of a time that no seal
 * ever reaches.
 */
export async function verifyEnds(database: Pick<Database, "db">, source: Source): Promise<ChainFinding | undefined> {
  return (await findEnd(database, source)) ?? (await findDate(database, source));
}

async function findEnd({ db }: Pick<Database, "db">, { name, time }: Source): Promise<ChainFinding | undefined> {
  const [end] = await db.execute<{ until: string; chain: string | null; number: number | null }>(sql`
    select ends.sealed_until as until, beyond.chain, beyond.number
    from chain_ends as ends
    left join lateral (
      select chain, number from chain_sets where source = ends.source and until > ends.sealed_until order by until limit 1
    ) as beyond on true
    where ends.source = ${name}
  `);
  if (!end) return unsealed(name, `The row of chain_ends that tells up to where ${name} is sealed was removed.`);
  const { until, chain, number } = end;
  if (chain !== null && number !== null)
    return setFinding({ chain, number }, `is later than what is sealed of ${name}: chain_ends was put back`);
  if (until !== "-infinity") return undefined;
  const [row] = await db.execute<{ oldest: string | null }>(sql`
    select min(${time}) as oldest
    from ${sql.identifier(name)}
    where ${time} > '-infinity' and ${time} < statement_timestamp() - ${SEALED_WITHIN_SECONDS} * interval '1 second'
  `);
  if (!row?.oldest) return undefined;
  const why = "either no worker has run since, or its sets were removed";
  return unsealed(name, `Nothing of ${name} is sealed, though it has rows since ${row.oldest}: ${why}.`);
}

/** Rows that are dated beyond what a clock that was put back explains. */
async function findDate(database: Pick<Database, "db">, source: Source): Promise<ChainFinding | undefined> {
  const { name, chain, id, time } = source;
  const [row] = await database.db.execute<{ chain: string; id: string; at: string | null }>(sql`
    select ${chain} as chain, encode(uuid_send(${id}), 'hex') as id, ${time} as at
    from ${sql.identifier(name)}
    where ${time} > statement_timestamp() + ${LAG_MS} * interval '1 millisecond' or ${time} = '-infinity' or ${time} is null
    limit 1
  `);
  return row && explainDate(database, source, row);
}

function unsealed(chain: string, message: string): ChainFinding {
  return { kind: "unsealed", chain, number: null, id: null, message };
}

/** A worker seals something of each source within seconds of its start, so this is as long as the alert `ChainSealLate` waits. */
const SEALED_WITHIN_SECONDS = 600;

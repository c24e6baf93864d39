import { sql } from "drizzle-orm";
import type { Tx } from "../../database/database.ts";
import type { MetricJson } from "../../metrics/metrics-json.ts";
import { gauge } from "./store-queries.ts";

/** How old the seal of each table of records is. No series of one of which nothing is sealed yet. */
export async function chainSeals(tx: Tx): Promise<MetricJson[]> {
  const rows = await tx.execute<{ source: string; age: number }>(sql`
    select source, greatest(0, extract(epoch from statement_timestamp() - sealed_until))::float8 as age
    from chain_ends
    where sealed_until > '-infinity'
    order by source
  `);
  return [
    gauge(
      "doorbuster_chain_seal_age_seconds",
      "Seconds since the moment up to which what was recorded is sealed.",
      rows.map(({ source, age }) => ({ labels: { table: source }, value: age })),
    ),
  ];
}

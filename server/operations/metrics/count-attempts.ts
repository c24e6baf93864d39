import { sql } from "drizzle-orm";
import type { Database } from "../../database/database.ts";
import { lowestUuidAt } from "../../database/new-uuid.ts";
import { STEP_MS } from "./step-cache.ts";

export interface AttemptCounts {
  readonly purchased: number;
  readonly refused: number;
}

/**
 * Counts decisions by step. No index knows when they were made, since each costs as much as the purchase itself; but their
 * ids begin with the time at which the shop heard of them, by the database's clock, so that a range of ids holds all of a
 * range of time.
 */
export async function countAttempts(
  { db }: Pick<Database, "db">,
  from: number,
  to: number,
): Promise<Map<number, AttemptCounts>> {
  const [fromMs, toMs] = [from * STEP_MS, (to + 1) * STEP_MS];
  const rows = await db.execute<Row>(sql`
    select
      floor(extract(epoch from decided_at) * 1000 / ${STEP_MS})::bigint as step,
      count(*) filter (where position is not null) as purchased,
      count(*) filter (where position is null) as refused
    from purchase_attempts
    where id >= ${lowestUuidAt(fromMs - MARGIN_MS)}::uuid and id < ${lowestUuidAt(toMs + MARGIN_MS)}::uuid
      and decided_at >= to_timestamp(${fromMs}::float8 / 1000) and decided_at < to_timestamp(${toMs}::float8 / 1000)
    group by 1
  `);
  return new Map(rows.map(({ step, purchased, refused }) => [step, { purchased, refused }]));
}

/** A request may wait 10 s in its line before it is decided; the rest is for what the shop knows of the database's clock. */
const MARGIN_MS = 15_000;

interface Row extends AttemptCounts, Record<string, unknown> {
  readonly step: number;
}

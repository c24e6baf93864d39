import { sql } from "drizzle-orm";
import { Fault } from "../../../shared/faults.ts";
import type { Database, Tx } from "../../database/database.ts";

/**
 * The name of a real sale that is live or paused, or begins within so long, by the database's clock; undefined when there is
 * none.
 */
export async function realSaleWithin(db: Database["db"] | Tx, withinMs: number): Promise<string | undefined> {
  // What is on sale has its leftovers still, and few sales have.
  const [found] = await db.execute<{ name: string }>(sql`
    select name from sales
    where leftovers_returned_at is null
      and cancelled_at is null
      and ends_at > statement_timestamp()
      and starts_at <= statement_timestamp() + ${withinMs} * interval '1 millisecond'
    order by starts_at
    limit 1
  `);
  return found?.name;
}

/** @throws Fault NOT_ALLOWED_NOW while a real sale is live or near */
export async function refuseBesideSales(tx: Tx): Promise<void> {
  const name = await realSaleWithin(tx, NEAR_MS);
  if (name === undefined) return;
  throw new Fault(
    "NOT_ALLOWED_NOW",
    `"${name}" is on sale, or begins within ${NEAR_MS / 60_000} minutes: a rehearsal would slow it down. Rehearse another time, or say that it may run beside real sales.`,
  );
}

/** A rehearsal is over by then, and what it left in memory and on disk is settled. */
const NEAR_MS = 20 * 60_000;

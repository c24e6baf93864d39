import { and, asc, isNotNull, isNull, lte, or, sql } from "drizzle-orm";
import { sales } from "../../drizzle/schema/index.ts";
import { repeat } from "../concurrency/repeat.ts";
import type { Database } from "../database/database.ts";
import type { SaleServices } from "./change-sale.ts";
import { returnLeftovers } from "./return-leftovers.ts";

/**
 * Looks for sales that are over, at once and then regularly, and returns what they have left. Each web process does so: none
 * has to be there, and whoever comes second finds nothing to do.
 *
 * @param onError told once of an error that comes again and again
 */
export function sweepLeftovers(
  services: SaleServices,
  { onError, everyMs = EVERY_MS }: { onError: (error: unknown) => void; everyMs?: number },
): { close(): Promise<void> } {
  return repeat(() => returnDueLeftovers(services), { everyMs, onError });
}

/** Soon enough for whoever wants to sell the units on, and the query for it takes half a millisecond. */
const EVERY_MS = 2_000;

/**
 * Returns what sales that are over have left to the inventory, for as many as there are. Whoever notices may call it, in
 * any number of processes at once; when no sale is due it costs one small query.
 *
 * All sales that nobody else touches go together, past locked rows; those of which a row was locked, by a last crowd at
 * an item or by another caller, are then waited for, one by one.
 *
 * @throws what the last sale failed with that could not be done; the others are done
 */
export async function returnDueLeftovers({ database, liveSales }: SaleServices): Promise<void> {
  let failure: { error: unknown } | undefined;
  const failed: number[] = [];
  const run = async (saleIds: readonly number[], lock: "wait" | "skip") => {
    try {
      const changed = await database.withTransaction((tx) => returnLeftovers(tx, saleIds, lock), {
        name: "sales.returnLeftovers",
      });
      for (const saleId of changed) liveSales.changed(saleId);
    } catch (error) {
      failure = { error };
      if (lock === "wait") failed.push(...saleIds);
    }
  };
  for (;;) {
    const due = await findDue(database, failed);
    if (due.length === 0) break;
    await run(due, "skip");
    for (const saleId of await findDue(database, failed)) {
      if (due.includes(saleId)) await run([saleId], "wait");
    }
  }
  if (failed.length > 0) throw failure?.error;
}

/** Sales that are over by the database's clock and not yet looked after, those that have waited longest first. */
async function findDue({ db }: Database, except: readonly number[]): Promise<number[]> {
  const rows = await db
    .select({ id: sales.id })
    .from(sales)
    .where(
      and(
        isNull(sales.leftoversReturnedAt),
        or(lte(sales.endsAt, sql`statement_timestamp()`), isNotNull(sales.cancelledAt)),
        sql`${sales.id} <> all(${sql.param(except)}::bigint[])`,
      ),
    )
    .orderBy(asc(sales.endsAt))
    .limit(SALES_AT_ONCE);
  return rows.map((row) => row.id);
}

/** At 200 items a sale that is 10,000 rows: some tenths of a second. */
const SALES_AT_ONCE = 50;

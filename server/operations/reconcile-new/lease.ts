import { sql } from "drizzle-orm";
import type { Database } from "../../database/database.ts";

/**
 * Leases the next run over what is new, if it is due and nobody else has it: of all workers of a store, whichever comes
 * first. The row's lock and the database's clock decide, not the clocks of processes. A worker that dies with its lease
 * costs one run: the next is due when it would have been anyway.
 */
export async function leaseRun(database: Database): Promise<Lease | NotDue> {
  return database.withTransaction(
    async (tx) => {
      await tx.execute(sql`select from reconcile_turns for update`);
      // A statement of its own, which sees what somebody else has leased while this one waited for the row.
      const [next] = await tx.execute<{ waitMs: number }>(sql`
        select extract(epoch from due_at - statement_timestamp())::float8 * 1000 as "waitMs" from reconcile_turns
      `);
      if (!next) throw new Error("the store has no row in reconcile_turns");
      // Further ahead than any lease: the clock was set back.
      if (next.waitMs > 0 && next.waitMs <= LEASE_MS) return { token: null, waitMs: next.waitMs };
      const [leased] = await tx.execute<{ token: number }>(sql`
        update reconcile_turns
        set due_at = statement_timestamp() + ${LEASE_MS} * interval '1 millisecond', turn = turn + 1
        returning turn as token
      `);
      if (!leased) throw new Error("the row in reconcile_turns was locked and is gone");
      return leased;
    },
    { name: "reconcile.lease" },
  );
}

export interface Lease {
  /** Rises with every lease. */
  readonly token: number;
}

export interface NotDue {
  readonly token: null;
  readonly waitMs: number;
}

/** Soon enough that a person hears of it while it matters, and rare enough that what it costs does not. */
export const LEASE_MS = 60_000;

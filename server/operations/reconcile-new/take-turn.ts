import { sql } from "drizzle-orm";
import type { Database } from "../../database/database.ts";

/**
 * Takes the next run over what is new, if it is due and nobody else has it: of all workers of a store, whichever comes
 * first. The row's lock and the database's clock decide, not the clocks of processes. A worker that dies with its turn costs
 * one run: the next turn comes when it would have come anyway.
 */
export async function takeTurn(database: Database): Promise<Turn> {
  return database.withTransaction(
    async (tx) => {
      await tx.execute(sql`select from reconcile_turns for update`);
      // A statement of its own, which sees what somebody else has taken while this one waited for the row.
      const [next] = await tx.execute<{ waitMs: number }>(sql`
        select extract(epoch from due_at - statement_timestamp())::float8 * 1000 as "waitMs" from reconcile_turns
      `);
      if (!next) throw new Error("the store has no row in reconcile_turns");
      // Further ahead than any turn: the clock was set back.
      if (next.waitMs > 0 && next.waitMs <= TURN_MS) return { is: "not due", waitMs: next.waitMs };
      const [taken] = await tx.execute<{ turn: number }>(sql`
        update reconcile_turns
        set due_at = statement_timestamp() + ${TURN_MS} * interval '1 millisecond', turn = turn + 1
        returning turn
      `);
      if (!taken) throw new Error("the row in reconcile_turns was locked and is gone");
      return { is: "taken", turn: taken.turn };
    },
    { name: "reconcile.takeTurn" },
  );
}

export type Turn = { is: "taken"; turn: number } | { is: "not due"; waitMs: number };

/** Soon enough that a person hears of it while it matters, and rare enough that what it costs does not. */
export const TURN_MS = 60_000;

import { sql } from "drizzle-orm";
import { readClock } from "../database/clock.ts";
import type { Database } from "../database/database.ts";

/** A moment, and the transaction that noted it. */
export interface Mark {
  /** By the database's clock. */
  readonly at: string;
  readonly transaction: string;
}

/**
 * Notes a moment. Whoever decides something has locked rows, and so has a number as a transaction, before they read the clock:
 * whatever was decided before this moment has a lower number than this transaction.
 */
export async function takeMark(database: Database): Promise<Mark> {
  return database.withTransaction(
    async (tx) => {
      const { now } = await readClock(tx);
      // From the table, so that the answer is that of the server on which the rows are.
      const [row] = await tx.execute<{ transaction: string }>(sql`
        select pg_current_xact_id()::text as transaction from chain_ends limit 1
      `);
      if (!row) throw new Error("the store has no row in chain_ends");
      return { at: now, transaction: row.transaction };
    },
    { name: "chain.mark" },
  );
}

/**
 * Whether everything that was decided before a mark is committed or undone, however long a commit may take. Locks nothing:
 * the hot rows do not notice. A transaction that somebody has left open keeps it from becoming true.
 */
export async function isOver({ db }: Pick<Database, "db">, { transaction }: Mark): Promise<boolean> {
  const [row] = await db.execute<{ over: boolean }>(sql`
    select pg_snapshot_xmin(pg_current_snapshot()) > ${transaction}::xid8 as over from chain_ends limit 1
  `);
  return row?.over ?? false;
}

import { sql } from "drizzle-orm";
import type { Database } from "../../database/database.ts";
import { dropStore } from "../../database/drop-store.ts";

/**
 * Ends rehearsals whose process is gone, and drops the stores of those that have ended. Whoever notices may call it, in any
 * number of processes at once: a store that is gone already is dropped again in vain.
 *
 * @param ownerUrl of a user who may drop them
 * @throws what the last store failed with that could not be dropped; the others are gone
 */
export async function sweepRehearsals({ database, ownerUrl }: SweepOptions): Promise<void> {
  const { withTransaction, db } = database;
  const expired = await db.execute(sql`
    select 1 from rehearsals where ended_at is null and lease_until < statement_timestamp()
  `);
  if (expired.length > 0) {
    await withTransaction(
      (tx) =>
        tx.execute(sql`
          update rehearsals
          set state = 'failed', verdict = ${GONE}, ended_at = statement_timestamp()
          where ended_at is null and lease_until < statement_timestamp()
        `),
      { name: "rehearsals.sweep" },
    );
  }
  const left = await db.execute<{ id: number; store: string }>(sql`
    select id, store from rehearsals where ended_at is not null and store_dropped_at is null
  `);
  let failure: { error: unknown } | undefined;
  for (const { id, store } of left) {
    try {
      await dropStore({ url: ownerUrl, schema: store });
      await withTransaction(
        (tx) => tx.execute(sql`update rehearsals set store_dropped_at = statement_timestamp() where id = ${id}`),
        { name: "rehearsals.sweep" },
      );
    } catch (error) {
      failure = { error };
    }
  }
  if (failure) throw failure.error;
}

const GONE = "The shop's process ended while it ran.";

export interface SweepOptions {
  readonly database: Database;
  readonly ownerUrl: string;
}

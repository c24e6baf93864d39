import { sql } from "drizzle-orm";
import { repeat } from "../concurrency/repeat.ts";
import type { Database } from "../database/database.ts";
import { isOver, type Mark, takeMark } from "./mark.ts";
import { seal } from "./seal.ts";
import { SOURCES } from "./sources.ts";

/**
 * Seals what was recorded, every ten seconds, beside all other workers of the store. After an outage it goes on where it was,
 * set by set, with pauses that leave the database to the buyers.
 *
 * @param options.onError told once of an error that comes again and again
 * @returns ends it: a set under way is finished
 */
export function sealRegularly(
  database: Database,
  {
    onError,
    everyMs = EVERY_MS,
    lagMs = LAG_MS,
  }: { onError: (error: unknown) => void; everyMs?: number; lagMs?: number },
): { close(): Promise<void> } {
  let mark: Mark | undefined;
  return repeat(
    async (signal) => {
      mark ??= await takeMark(database);
      if (!(await isOver(database, mark))) return MARK_MS;
      const beganAt = performance.now();
      const isPartial = await sealBefore(database, mark, { lagMs, signal });
      // What is left is as old as the mark.
      if (!isPartial) mark = undefined;
      const pauseMs = (performance.now() - beganAt) * (1 / DUTY - 1);
      return isPartial ? pauseMs : Math.max(everyMs, pauseMs);
    },
    { everyMs, onError },
  );
}

/**
 * Seals of each source the next rows that were decided some time before a mark that is over.
 *
 * @returns whether any has more
 */
export async function sealBefore(
  database: Database,
  { at }: Mark,
  { lagMs = LAG_MS, rowsMax, signal }: { lagMs?: number; rowsMax?: number; signal?: AbortSignal } = {},
): Promise<boolean> {
  const [row] = await database.db.execute<{ until: string }>(sql`
    select ${at}::timestamptz - ${lagMs} * interval '1 millisecond' as until
  `);
  if (!row) throw new Error("the database answered no time");
  let isPartial = false;
  for (const source of SOURCES) {
    if (signal?.aborted) return true;
    const sealed = await seal(database, source, { until: row.until, ...(rowsMax && { rowsMax }) });
    isPartial ||= sealed.isPartial;
  }
  return isPartial;
}

/** Little enough to lose, and rare enough that sets are not tiny. */
const EVERY_MS = 10_000;

/** Most transactions are over much sooner; one that somebody left open is not asked for often. */
const MARK_MS = 1_000;

/**
 * What is younger is left for the next run. So a clock that is put back by less does no harm, and whoever reads the clock before
 * their transaction has locked anything is waited for: a transaction takes 10 s at most.
 */
export const LAG_MS = 15_000;

/** The share of one connection's time that sealing takes. */
const DUTY = 0.05;

import { repeat } from "../../concurrency/repeat.ts";
import type { Database } from "../../database/database.ts";
import { LEASE_MS, leaseRun } from "./lease.ts";
import { type NewRun, reconcileNew } from "./reconcile-new.ts";

/**
 * Checks what is new every minute, in turns with all other workers of the store.
 *
 * @param options.onError told once of an error that comes again and again, and of every run that found something broken
 * @returns ends it: a run under way ends between two checks
 */
export function reconcileRegularly(
  database: Database,
  { onError }: { onError: (error: unknown) => void },
): { close(): Promise<void> } {
  let sizeMax = SIZE_FIRST;
  const smaller = () => Math.max(SIZE_MIN, Math.floor(sizeMax / 2));
  return repeat(
    async (signal) => {
      const lease = await leaseRun(database);
      if (lease.token === null) return Math.min(LEASE_MS, lease.waitMs + 1);
      const run = await reconcileNew(database, { lease, sizeMax, signal }).catch((error: unknown) => {
        // It may have been too long for the deadline of its transaction.
        sizeMax = smaller();
        throw error;
      });
      if (run.seconds > SECONDS_MAX) sizeMax = smaller();
      // Only a run that was filled says what another size would cost.
      else if (run.isPartial && run.seconds < SECONDS_MAX / 3) sizeMax = Math.min(SIZE_MAX, sizeMax * 2);
      if (!run.ok) onError(new InvariantBrokenError(run));
      return 0;
    },
    { everyMs: LEASE_MS, onError },
  );
}

/** For the log: what does not hold, in the words of its checks. */
class InvariantBrokenError extends Error {
  override readonly name = "InvariantBrokenError";

  constructor({ checks }: NewRun) {
    const broken = checks.filter(({ ok }) => !ok).map(({ name, detail }) => `${name}: ${detail}`);
    super(`Something that must hold is broken. ${broken.join(" ")}`);
  }
}

/*
 * How much a run may look at: as much as fits into a second on this machine, with what else it does just now. A run holds a
 * snapshot, and as long as it does nobody cleans up behind the purchases of a hot item.
 */
const SECONDS_MAX = 1;

/** What a slow machine can check in a second; faster ones find out. */
const SIZE_FIRST = 10_000;

/** So that there is progress where each wallet has millions of movements. */
const SIZE_MIN = 100;

/** Bounds the lists of items that a run keeps in memory. */
const SIZE_MAX = 100_000;

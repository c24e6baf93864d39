import { Batcher } from "../concurrency/batcher.ts";
import type { Database } from "../database/database.ts";
import { retryUntilStored } from "./retry-until-stored.ts";
import { type Settlement, settle, settledAlready } from "./settle.ts";

/**
 * Stores how attempts ended, many in a transaction. While the database is away they are kept and tried again, so the queue is as
 * long as there are attempts at a time. It answers whether one was stored; false when the lease was lost.
 */
export function settlementBatcher({ database, worker, signal, onError }: Settling): Batcher<Settlement, boolean> {
  return new Batcher({
    batchMax: SET_MAX,
    // While one set works in the database, another is written and read here.
    crowdMin: 1,
    batchesMax: { skip: 2, wait: 2 },
    gathers: true,
    isOfOne: () => !signal.aborted,
    async settle(settlements, { onDecided }) {
      onDecided();
      const stored = await retryUntilStored(
        async (isDoubtful) => {
          const moved = await settle(database, worker, settlements);
          if (!isDoubtful) return moved;
          const rest = settlements.filter(({ task }) => !moved.has(task.id));
          return new Set([...moved, ...(await settledAlready(database, rest))]);
        },
        { signal, onError },
      );
      return settlements.map(({ task }) => stored.has(task.id));
    },
  });
}

interface Settling {
  readonly database: Database;
  readonly worker: string;
  /** Aborted when nothing is to be waited for any more. */
  readonly signal: AbortSignal;
  readonly onError: (error: unknown) => void;
}

/** Larger sets take no less time for each, and hold their rows for longer. */
const SET_MAX = 500;

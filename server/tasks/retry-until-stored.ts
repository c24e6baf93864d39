import { setTimeout } from "node:timers/promises";
import { type BackOff, backOffMs } from "../../shared/back-off.ts";
import { causesOf } from "../database/causes-of.ts";
import { UnknownOutcomeError } from "../database/errors.ts";
import { faultOf } from "../database/fault-of.ts";

/**
 * Runs work on the database until it is answered, for as long as the database is away or too busy, after pauses that
 * grow. So the work must be safe to run again: after a lost COMMIT it may have been done already.
 *
 * @param options.onError told once, when the first try fails
 * @throws what cannot be helped by waiting; the last error when `signal` is aborted
 */
export async function retryUntilStored<T>(
  work: (isDoubtful: boolean) => Promise<T>,
  { signal, onError }: { signal: AbortSignal; onError: (error: unknown) => void },
): Promise<T> {
  let isDoubtful = false;
  for (let tries = 1; ; tries++) {
    try {
      return await work(isDoubtful);
    } catch (error) {
      isDoubtful ||= causesOf(error).some((cause) => cause instanceof UnknownOutcomeError);
      if (!isWorthWaiting(error) || signal.aborted) throw error;
      if (tries === 1) onError(error);
      await setTimeout(outagePauseMs(tries), undefined, { signal, ref: false }).catch(() => {});
    }
  }
}

/** The pause before the next of many tries: random, so that workers who lost the same database do not return as one. */
export function outagePauseMs(failures: number): number {
  return backOffMs(failures, PAUSE);
}

/** Whether the database may give another answer later: it was away, full, or somebody held a lock. */
function isWorthWaiting(error: unknown): boolean {
  return FAULTS_THAT_PASS.has(faultOf(error)?.code ?? "");
}

const FAULTS_THAT_PASS: ReadonlySet<string> = new Set(["LOCK_TIMEOUT", "OVERLOADED", "OUTCOME_UNKNOWN", "UNAVAILABLE"]);

/** A database that is back is noticed in two seconds at the latest. */
const PAUSE: BackOff = { minMs: 100, maxMs: 2_000, jitter: 0.5 };

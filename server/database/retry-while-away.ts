import { setTimeout as sleep } from "node:timers/promises";
import { causesOf } from "./causes-of.ts";
import { Connection } from "./connection.ts";
import { connectionSettings } from "./connection-settings.ts";
import { ConnectionLostError, DatabaseAwayError, PoolTimeoutError, UnknownOutcomeError } from "./errors.ts";
import { isServerAway, SQL_STATE, sqlStateOf } from "./sqlstate.ts";

/**
 * Meets a database for the first time.
 *
 * @throws DatabaseError with one sentence: at once where no server answers or it cannot be used, after a minute where it
 * is still starting
 */
export async function reachDatabase(
  { url, schema }: { readonly url: string; readonly schema: string },
  onProgress: (sentence: string) => void,
): Promise<void> {
  const settings = connectionSettings({ url, schema });
  const isStarting = (error: unknown) => sqlStateOf(error) === SQL_STATE.cannotConnectNow;
  const connection = await retryWhile(isStarting, () => Connection.open(settings), onProgress);
  await connection.end();
}

/**
 * Does a part of a start, on a database that was reached before, and does it again from the beginning while that is away.
 *
 * @throws what `work` throws for other reasons; after a minute, what it threw last
 */
export function retryWhileAway<T>(work: () => Promise<T>, onProgress: (sentence: string) => void): Promise<T> {
  return retryWhile(isDatabaseAway, work, onProgress);
}

/** Whether an error says no more than that the database is not there now. */
export function isDatabaseAway(error: unknown): boolean {
  const sqlState = sqlStateOf(error);
  if (sqlState !== undefined) return isServerAway(sqlState);
  return causesOf(error).some(
    (cause) =>
      cause instanceof DatabaseAwayError ||
      cause instanceof ConnectionLostError ||
      cause instanceof UnknownOutcomeError ||
      (cause instanceof PoolTimeoutError && cause.reason === "down"),
  );
}

/** Longer than a server needs that recovers from a crash with ordinary settings; shorter than a person waits for a reason. */
export const AWAY_MS_MAX = 60_000;

async function retryWhile<T>(
  isWorthIt: (error: unknown) => boolean,
  work: () => Promise<T>,
  onProgress: (sentence: string) => void,
): Promise<T> {
  const deadlineAt = performance.now() + AWAY_MS_MAX;
  for (let isTold = false; ; isTold = true) {
    try {
      return await work();
    } catch (error) {
      if (!isWorthIt(error) || performance.now() > deadlineAt) throw error;
      if (!isTold) onProgress("Waiting for the database, which is away");
      await sleep(PAUSE_MS);
    }
  }
}

const PAUSE_MS = 250;

import { SQL_STATE, sqlStateOf } from "./sqlstate.ts";

/**
 * Runs `work`, and once more if it loses a race for a unique key. For idempotent verbs that look a key up before they
 * insert it: the second run finds the winner's row and answers it as a replay.
 *
 * @param work a whole transaction of its own
 */
export async function retryOnConflict<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (sqlStateOf(error) !== SQL_STATE.uniqueViolation) throw error;
    return work();
  }
}

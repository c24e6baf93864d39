/**
 * Asks again and again until `check` answers something truthy, and answers that: for states that others reach in their
 * own time. How long that may be is no part of what a test shows: the limit only ends one that would never end.
 *
 * @throws the last error of `check`, or one that names what was waited for, after `withinMs`
 */
export async function eventually<T>(
  what: string,
  check: () => T | Promise<T>,
  withinMs = 60_000,
): Promise<NonNullable<T>> {
  const deadlineAt = performance.now() + withinMs;
  for (;;) {
    const answer = await check();
    if (answer) return answer as NonNullable<T>;
    if (performance.now() > deadlineAt) throw new Error(`in ${withinMs} ms this did not become true: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
  }
}

const PAUSE_MS = 10;

import type { Services } from "../services.ts";

/**
 * Makes a costly question one that many may ask again and again, as open consoles do: who asks while it is being answered
 * gets that answer, and an answer is given again for a moment, which is the longer the more work it took.
 */
export function shareAnswers<Asked extends Pick<Services, "database">, T>(
  ask: (services: Asked) => Promise<T>,
): (services: Asked) => Promise<T> {
  const kept = new WeakMap<Services["database"], Kept<T>>();
  return (services) => {
    const now = performance.now();
    const earlier = kept.get(services.database);
    if (earlier && now < earlier.until) return earlier.answer;
    const answer = ask(services);
    const current: Kept<T> = { answer, until: Number.POSITIVE_INFINITY };
    kept.set(services.database, current);
    answer.then(
      () => {
        const tookMs = performance.now() - now;
        current.until = performance.now() + Math.min(KEPT_MS_MAX, tookMs * KEPT_PER_WORK);
      },
      () => kept.delete(services.database),
    );
    return answer;
  };
}

interface Kept<T> {
  readonly answer: Promise<T>;
  until: number;
}

/** So that it never takes more than a fifth of one connection's time. */
const KEPT_PER_WORK = 4;

/** What a person watches must not stand still for longer. */
const KEPT_MS_MAX = 20_000;

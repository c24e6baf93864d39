import { singleFlight } from "../concurrency/single-flight.ts";
import type { OperationsServices } from "./services.ts";

/** Makes a costly question of a store one that many may ask again and again, as open consoles do. */
export function shareAnswers<Asked extends Pick<OperationsServices, "database">, T>(
  ask: (services: Asked) => Promise<T>,
): (services: Asked) => Promise<T> {
  return singleFlight(ask, {
    keyOf: ({ database }) => database,
    keptMs: (tookMs) => Math.min(KEPT_MS_MAX, tookMs * KEPT_PER_WORK),
  });
}

/** So that it never takes more than a fifth of one connection's time. */
const KEPT_PER_WORK = 4;

/** What a person watches must not stand still for longer. */
const KEPT_MS_MAX = 20_000;

import { setTimeout as sleep } from "node:timers/promises";

/**
 * Throws a refusal after a pause. Whoever has taken more than their share and asks again at once, answer after answer,
 * would otherwise keep the process busy with nothing but refusals; like this each of their connections hears two a second.
 */
export async function refuseLater(refusal: unknown): Promise<never> {
  if (waiting < WAITING_MAX) {
    waiting += 1;
    await sleep(PAUSE_MS);
    waiting -= 1;
  }
  throw refusal;
}

let waiting = 0;

const PAUSE_MS = 500;

/** Some 10 kB each; what comes beyond is refused at once. */
const WAITING_MAX = 1_000;

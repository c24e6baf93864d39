import type { Sessions } from "../../server/accounts/sessions.ts";
import { answerCalls } from "../../server/processes/answer-calls.ts";
import type { ServerMethods } from "../stage/server-process.ts";
import { readBuyers } from "../stage/store.ts";

/** A server under test as its own process runs it. */
export interface Served {
  readonly url: string;
  /** Whom it takes the buyers for; absent when it has no sessions. */
  readonly sessions?: Sessions;
  stop(): Promise<void>;
}

/** The process's side of `ServerProcess`. */
export async function serve(start: () => Promise<Served>): Promise<void> {
  await answerCalls<ServerMethods>(async () => {
    const { url, sessions, stop } = await start();
    return { methods: { url: () => url, warm: async () => sessions && warm(sessions) }, stop };
  });
}

/**
 * Has every buyer's session looked up, so that all are in the cache. In a sale that lasts a buyer is looked up once a
 * minute; without this a short round would be nothing but first times. In small steps, and only when it is time: what
 * this leaves behind in memory would be counted as the server's.
 */
async function warm(sessions: Sessions): Promise<void> {
  if (warmedAt !== undefined && performance.now() - warmedAt < WARM_MS) return;
  warmedAt = performance.now();
  const buyers = await readBuyers();
  sessions.forgetAll();
  for (let at = 0; at < buyers.length; at += WARM_STEP) {
    const step = buyers.slice(at, at + WARM_STEP);
    const found = await Promise.all(step.map(({ credential }) => sessions.find(credential)));
    if (found.includes(undefined)) throw new Error("a buyer of the bench is not signed in");
  }
}

let warmedAt: number | undefined;

/** Sessions are remembered for a minute, and a round has to fit in. */
const WARM_MS = 45_000;

const WARM_STEP = 500;

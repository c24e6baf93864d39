import { readFile } from "node:fs/promises";
import type { MintedToken } from "../../server/accounts/mint-tokens.ts";
import type { Sessions } from "../../server/accounts/sessions.ts";
import { onParentGone, telling } from "../stage/parent.ts";

/** A server under test as its own process runs it. */
export interface Served {
  readonly url: string;
  /** Whom it takes the buyers for; absent when it has no sessions. */
  readonly sessions?: Sessions;
  stop(): Promise<void>;
}

/**
 * The process's side of `ServerProcess`: says when it answers, does what it is told, and ends with the bench.
 */
export async function serve(start: () => Promise<Served>): Promise<void> {
  let served: Served | undefined;
  onParentGone(async () => served?.stop());
  process.on("message", () =>
    telling(async () => {
      if (served?.sessions) await warm(served.sessions);
      return { kind: "warm" };
    }),
  );
  await telling(async () => {
    served = await start();
    return { kind: "ready", url: served.url };
  });
}

/**
 * Has every buyer's session looked up anew, so that all are in the cache for the next minute. In a sale that lasts a
 * buyer is looked up once a minute; without this a short round would be nothing but first times.
 */
async function warm(sessions: Sessions): Promise<void> {
  const buyers: MintedToken[] = JSON.parse(await readFile(process.env.BENCH_BUYERS ?? "", "utf8"));
  sessions.forgetAll();
  const found = await Promise.all(buyers.map(({ credential }) => sessions.find(credential)));
  if (found.includes(undefined)) throw new Error("a buyer of the bench is not signed in");
}

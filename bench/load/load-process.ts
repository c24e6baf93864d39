import { join } from "node:path";
import { type OnChild, startChild } from "../stage/child.ts";
import type { Store } from "../stage/store.ts";
import type { LoadOptions, LoadResult } from "./load.ts";

/** A process of its own that makes load, so that it takes no time from the server's event loop. */
export interface LoadProcess {
  /** @param read taken when counting begins and when it ends, for what is measured over the same time */
  run<T = undefined>(options: LoadOptions, read?: () => Promise<T>): Promise<LoadResult & { during: During<T> }>;
  stop(): Promise<void>;
}

export interface During<T> {
  readonly before: T;
  readonly after: T;
}

export async function startLoadProcess(store: Pick<Store, "buyersFile">, onChild: OnChild): Promise<LoadProcess> {
  const child = startChild(join(import.meta.dirname, "main.ts"), { BENCH_BUYERS: store.buyersFile });
  onChild(child);
  await child.next("ready");
  return {
    async run<T>(options: LoadOptions, read: () => Promise<T> = async () => undefined as T) {
      child.send({ kind: "run", ...options });
      await child.next("counting");
      const before = await read();
      await child.next("counted");
      const after = await read();
      const { result } = await child.next<{ result: LoadResult }>("result");
      return { ...result, during: { before, after } };
    },
    stop: () => child.stop(),
  };
}

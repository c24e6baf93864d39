import { join } from "node:path";
import { startChild } from "../stage/child.ts";
import type { Store } from "../stage/store.ts";
import type { LoadOptions, LoadResult } from "./load.ts";

/** A process of its own that makes load, so that it takes no time from the server's event loop. */
export interface LoadProcess {
  run(options: LoadOptions): Promise<LoadResult>;
  stop(): Promise<void>;
}

export async function startLoadProcess(store: Pick<Store, "buyersFile">): Promise<LoadProcess> {
  const child = startChild(join(import.meta.dirname, "main.ts"), { BENCH_BUYERS: store.buyersFile });
  await child.next("ready");
  return {
    async run(options) {
      child.send({ kind: "run", ...options });
      const { result } = await child.next<{ result: LoadResult }>("result");
      return result;
    },
    stop: () => child.stop(),
  };
}

import type { LoadOptions, LoadResult } from "../../server/load/load.ts";
import { startChild } from "../stage/child.ts";
import type { Store } from "../stage/store.ts";
import type { During } from "../stage/usage.ts";
import type { LoadMethods } from "./main.ts";

/** A process of its own that makes load, so that it takes no time from the server's event loop. */
export interface LoadProcess {
  /** @param read taken when counting begins and when it ends, for what is measured over the same time */
  run<T = undefined>(
    options: LoadOptions & { readonly ms: number },
    read?: () => Promise<T>,
  ): Promise<LoadResult & { during: During<T> }>;
}

export async function startLoadProcess(
  { buyersFile }: Pick<Store, "buyersFile">,
  onEnd: (stop: () => Promise<void>) => void,
): Promise<LoadProcess> {
  const child = await startChild<LoadMethods>({ file: "load/main.ts", env: { BENCH_BUYERS: buyersFile }, onEnd });
  return {
    async run<T>(
      { ms, ...options }: LoadOptions & { ms: number },
      read: () => Promise<T> = async () => undefined as T,
    ) {
      await child.call("begin", options);
      const before = await read();
      const result = await child.call("count", ms);
      const after = await read();
      await child.call("end");
      if (!result) throw new Error("no load was made");
      return { ...result, during: { before, after } };
    },
  };
}

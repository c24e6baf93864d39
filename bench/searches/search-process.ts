import { join } from "node:path";
import { startChild } from "../stage/child.ts";
import type { Stage } from "../stage.ts";

export interface SearchCrowd {
  readonly url: string;
  /** Each sends its next batch when the last one is answered, whatever the answer. */
  readonly connections: number;
}

export interface Searched {
  /** Batches by the status of their answer. */
  readonly statuses: Readonly<Record<number, number>>;
  /** Searches that were answered with what was found. */
  readonly found: number;
}

/** A process of its own in which nobody is signed in, and everybody searches. */
export interface SearchProcess {
  search(crowd: SearchCrowd): void;
  /** Waits for the answers under way. */
  stop(): Promise<Searched>;
}

export async function startSearches(stage: Stage): Promise<SearchProcess> {
  const child = startChild(join(import.meta.dirname, "main.ts"), {});
  stage.onEnd(() => child.stop());
  await child.next("ready");
  return {
    search: (crowd) => child.send({ kind: "search", ...crowd }),
    async stop() {
      child.send({ kind: "stop" });
      return (await child.next<{ searched: Searched }>("searched")).searched;
    },
  };
}

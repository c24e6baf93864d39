import { join } from "node:path";
import { startChild } from "../stage/child.ts";
import type { Stage } from "../stage.ts";
import type { Sighting } from "./sightings.ts";

/** A process of its own that watches a sale as thousands of pages do. */
export interface ViewerProcess {
  /**
   * Waits until all have seen that so few units remain, and says what has been seen since this was asked last.
   *
   * @throws when some have not seen it after a while
   */
  seen(remaining: number): Promise<Seen>;
}

export interface OpenViewers {
  readonly url: string;
  readonly saleId: number;
  readonly count: number;
}

export interface Seen {
  readonly sightings: readonly Sighting[];
  /** Viewers whose connection has ended. */
  readonly lost: number;
  /** Updates that showed more units than an earlier one. */
  readonly wentBack: number;
  /** Of the process, since it began. */
  readonly cpuMs: number;
}

/** Returns when all of them see the sale. */
export async function openViewers(stage: Stage, viewers: OpenViewers): Promise<ViewerProcess> {
  const child = startChild(join(import.meta.dirname, "main.ts"), {});
  stage.onEnd(() => child.stop());
  await child.next("ready");
  child.send({ kind: "open", ...viewers });
  await child.next("open");
  return {
    async seen(remaining) {
      child.send({ kind: "see", remaining });
      return (await child.next<{ seen: Seen }>("seen")).seen;
    },
  };
}

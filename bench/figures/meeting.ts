import type { Figure } from "../figure.ts";
import { overHttp } from "./contest-over-http.ts";
import { BUYING_CONNECTIONS, hotWork, makeHotItem } from "./hot-item.ts";

/** Two web processes whose purchases of one item meet in one of them, beside two that each settle their own. */
export const meeting: Figure = meetingFigure({
  id: "MEET",
  what: "P1 in two processes, purchases meeting in one",
  connections: BUYING_CONNECTIONS,
});

/** The same with fewer buyers, so that batches are small. */
export const meetingOfFew: Figure = meetingFigure({
  id: "MEET16",
  what: "the same with 16 connections",
  connections: 16,
});

/** The same with a commit that takes as long as on a disk of its own rather than in a cache. */
export const meetingOnSlowDisk: Figure = meetingFigure({
  id: "MEET3MS",
  what: "MEET with commits that take 3 ms longer",
  connections: BUYING_CONNECTIONS,
  commitDelayMs: 3,
});

function meetingFigure({ id, what, connections, commitDelayMs = 0 }: MeetingOptions): Figure {
  return {
    id,
    what,
    unit: "purchases/s",
    targets: [],
    async prepare(stage) {
      const store = await stage.makeStore();
      // Sessions that begin from now on wait so long before they write the log.
      const database = new URL(store.url).pathname.slice(1);
      await store.sql.unsafe(`alter database ${database} set commit_delay = ${commitDelayMs * 1_000}`);
      await store.sql.unsafe(`alter database ${database} set commit_siblings = 0`);
      const load = await stage.startLoad(store);
      const work = hotWork(await makeHotItem(store));
      const contestant = async (name: string, entry: string, env: Record<string, string>) =>
        overHttp({
          stage,
          name,
          server: await stage.startServer({ entry, store, env }),
          load,
          work,
          connections,
          expected: "purchased",
        });
      const two = { PROCESSES: "2" };
      return {
        subject: await contestant("meeting", "servers/shop-processes.ts", two),
        peers: [
          await contestant("each its own", "servers/shop-processes.ts", { ...two, PURCHASES_MEET: "false" }),
          await contestant("one process", "servers/shop.ts", {}),
        ],
      };
    },
  };
}

interface MeetingOptions extends Pick<Figure, "id" | "what"> {
  readonly connections: number;
  readonly commitDelayMs?: number;
}

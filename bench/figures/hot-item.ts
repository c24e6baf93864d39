import { makeItem } from "../../server/testing/factories.ts";
import type { Figure } from "../figure.ts";
import type { Store } from "../stage/store.ts";
import { overHttp } from "./contest-over-http.ts";
import { redisAtItsBest, textbookAtItsBest } from "./peers.ts";

/** P1: everybody buys the same thing. */
export const hotItem: Figure = {
  id: "P1",
  what: "one hot item over HTTP, 256 connections",
  unit: "purchases/s",
  targets: [
    { against: "textbook", atLeast: 25 },
    { against: "Redis + Lua", atLeast: 1 },
    { detail: "server memory MB", atMost: 300 },
  ],
  async prepare(stage) {
    const store = await stage.makeStore();
    const load = await stage.startLoad(store);
    const server = await stage.startServer({ entry: "servers/shop.ts", store });
    const work = async () => hotWork(await makeHotItem(store));
    return {
      subject: overHttp({
        stage,
        name: "doorbuster",
        server,
        load,
        work: await work(),
        connections: BUYING_CONNECTIONS,
        expected: "purchased",
      }),
      peers: [
        await textbookAtItsBest({ stage, store, load, work: await work() }),
        await redisAtItsBest({ stage, store, load, work: await work() }),
      ],
    };
  },
};

/** As many buyers at once as P1 has. */
export const BUYING_CONNECTIONS = 256;

/** An item of which there are more than any figure sells. */
export function makeHotItem({ database }: Pick<Store, "database">): Promise<number> {
  return makeItem(database, { stock: HOT_STOCK, priceCents: 1 });
}

const HOT_STOCK = 1_000_000_000;

/** Everybody buys one of these, each as likely as the others. */
export function hotWork(...itemIds: number[]) {
  return { procedure: "purchases.buy", itemIds };
}

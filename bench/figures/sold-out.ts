import { makeItem } from "../../server/testing/factories.ts";
import type { Figure } from "../figure.ts";
import { overHttp } from "./contest-over-http.ts";
import { BUYING_CONNECTIONS, hotWork, makeHotItem } from "./hot-item.ts";

/** P6: when everything is gone the crowd is still there, and each of them gets an answer that is on record. */
export const soldOut: Figure = {
  id: "P6",
  what: "sold-out answers, each on record, 256 connections",
  unit: "answers/s",
  targets: [{ against: "hot item", atLeast: 1.2 }],
  async prepare(stage) {
    const store = await stage.makeStore();
    const load = await stage.startLoad(store);
    const server = await stage.startServer({ entry: "servers/shop.ts", store });
    const soldOutWork = hotWork(await makeItem(store.database, { stock: 0 }));
    const work = hotWork(await makeHotItem(store));
    const shared = { stage, server, load, connections: BUYING_CONNECTIONS };
    return {
      subject: overHttp({ ...shared, name: "sold out", work: soldOutWork, expected: "refused" }),
      peers: [overHttp({ ...shared, name: "hot item", work, expected: "purchased" })],
    };
  },
};

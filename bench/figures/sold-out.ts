import { makeItem } from "../../server/testing/factories.ts";
import type { Figure } from "../figure.ts";
import { overHttp } from "./contest-over-http.ts";
import { BUYING_CONNECTIONS, HOT_STOCK } from "./hot-item.ts";

/** P6: when everything is gone, the crowd is still there, and each of them gets an answer that is on record. */
export const soldOut: Figure = {
  id: "P6",
  what: "sold-out answers over HTTP, each on record, 256 connections",
  unit: "answers/s",
  targets: [{ against: "hot item", atLeast: 1.2 }],
  async prepare(stage) {
    const store = await stage.makeStore();
    const soldOutItem = await makeItem(store.database, { stock: 0 });
    const hotItem = await makeItem(store.database, { stock: HOT_STOCK, priceCents: 1 });
    const server = await stage.startServer({ entry: "servers/shop.ts", store });
    const load = await stage.startLoad(store);
    const shared = { stage, server, load, connections: BUYING_CONNECTIONS };
    const work = (itemId: number) => ({ procedure: "purchases.buy", itemIds: [itemId] });
    return {
      subject: overHttp({ ...shared, name: "sold out", work: work(soldOutItem), expected: "refused" }),
      peers: [overHttp({ ...shared, name: "hot item", work: work(hotItem), expected: "purchased" })],
    };
  },
};

import { makeSale } from "../../server/testing/factories.ts";
import { SALE_ITEMS_MAX } from "../../shared/sales.ts";
import type { Figure } from "../figure.ts";
import { overHttp } from "./contest-over-http.ts";
import { BUYING_CONNECTIONS, hotWork, makeHotItem } from "./hot-item.ts";

/** P7: the crowd spreads over a thousand items, so that nobody shares a transaction by standing in the same line. */
export const manyItems: Figure = {
  id: "P7",
  what: "1,000 items, each as likely, 256 connections",
  unit: "purchases/s",
  targets: [{ against: "hot item", atLeast: 0.8 }],
  async prepare(stage) {
    const store = await stage.makeStore();
    const load = await stage.startLoad(store);
    const server = await stage.startServer({ entry: "servers/shop.ts", store });
    const itemIds: number[] = [];
    while (itemIds.length < ITEMS) {
      const offers = Array.from({ length: SALE_ITEMS_MAX }, () => ({ stock: 1_000_000, priceCents: 1 }));
      itemIds.push(...(await makeSale(store.database, offers)).itemIds);
    }
    const shared = { stage, server, load, connections: BUYING_CONNECTIONS, expected: "purchased" } as const;
    const hotItem = overHttp({ ...shared, name: "hot item", work: hotWork(await makeHotItem(store)) });
    // Both are served by one process, and whoever came first would have it while its code is not compiled.
    await hotItem.round();
    return {
      subject: overHttp({ ...shared, name: "1,000 items", work: hotWork(...itemIds) }),
      peers: [hotItem],
    };
  },
};

const ITEMS = 1_000;

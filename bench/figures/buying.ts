import { makeItem, makeSale } from "../../server/testing/factories.ts";
import { SALE_ITEMS_MAX } from "../../shared/sales.ts";
import type { Figure } from "../figure.ts";
import { beside, openShop, overHttp } from "./over-http.ts";
import { REDIS, redisAtItsBest, startTextbook, textbookAtItsBest } from "./peers.ts";

/** The load itself: what it reaches where the server does next to nothing. Were it little more than P1, P1 would measure it. */
export const loadGenerator: Figure = {
  id: "LOAD",
  what: "the load generator, against a bare node:http server",
  unit: "requests/s",
  targets: [{ against: "P1", atLeast: 2 }],
  roundsMax: 1,
  async prepare(stage) {
    const shop = await openShop(stage);
    const bare = await beside(shop, "peers/bare-http.ts");
    return {
      subject: overHttp(bare, { name: "bare node:http", expected: "any 200" }),
      peers: [overHttp(shop, { name: "P1" })],
    };
  },
};

/** P1: everybody buys the same thing. */
export const hotItem: Figure = {
  id: "P1",
  what: "one hot item over HTTP, 256 connections",
  unit: "purchases/s",
  targets: [
    { against: "textbook", atLeast: 25 },
    { against: REDIS, atLeast: 1 },
    { detail: "server memory MB", atMost: 300 },
  ],
  async prepare(stage) {
    const shop = await openShop(stage);
    return {
      subject: overHttp(shop, { name: "doorbuster" }),
      peers: [await textbookAtItsBest(shop), await redisAtItsBest(shop)],
    };
  },
};

/** P3: what buying costs beside what a call costs that does nothing. */
export const noOp: Figure = {
  id: "P3",
  what: "P1 beside a procedure that does nothing",
  unit: "calls/s",
  targets: [{ against: "no-op", atLeast: 0.5 }],
  async prepare(stage) {
    const shop = await openShop(stage);
    const idle = await beside(shop, "peers/no-op.ts");
    return {
      subject: overHttp(shop, { name: "doorbuster" }),
      peers: [overHttp(idle, { name: "no-op", procedure: "noOp", expected: "any 200" })],
    };
  },
};

/** P4: who is alone must not pay for what is there for the crowd. */
export const loneBuyer: Figure = {
  id: "P4",
  what: "a lone buyer's purchase over one connection",
  unit: "ms (p50)",
  targets: [{ against: "textbook", atMost: 0.9 }],
  async prepare(stage) {
    const shop = await openShop(stage);
    const alone = { connections: 1, value: ({ p50Ms }: { p50Ms: number }) => p50Ms };
    return {
      subject: overHttp(shop, { ...alone, name: "doorbuster" }),
      peers: [overHttp(await startTextbook(shop), { ...alone, name: "textbook" })],
    };
  },
};

/** P6: when everything is gone the crowd is still there, and each of them gets an answer that is on record. */
export const soldOut: Figure = {
  id: "P6",
  what: "sold-out answers, each on record, 256 connections",
  unit: "answers/s",
  targets: [{ against: "hot item", atLeast: 1.2 }],
  async prepare(stage) {
    const shop = await openShop(stage);
    const itemIds = [await makeItem(shop.store.database, { stock: 0 })];
    return {
      subject: overHttp(shop, { name: "sold out", itemIds, expected: "refused" }),
      peers: [overHttp(shop, { name: "hot item" })],
    };
  },
};

/** P7: the crowd spreads over a thousand items, so that nobody shares a transaction by waiting in the same queue. */
export const manyItems: Figure = {
  id: "P7",
  what: "1,000 items, each as likely, 256 connections",
  unit: "purchases/s",
  targets: [{ against: "hot item", atLeast: 0.8 }],
  async prepare(stage) {
    const shop = await openShop(stage);
    const itemIds: number[] = [];
    while (itemIds.length < ITEMS) {
      const offers = Array.from({ length: SALE_ITEMS_MAX }, () => ({ stock: 1_000_000, priceCents: 1 }));
      itemIds.push(...(await makeSale(shop.store.database, offers)).itemIds);
    }
    const hot = overHttp(shop, { name: "hot item" });
    // Both are served by one process, and whoever came first would have it while its code is not compiled.
    await hot.round();
    return { subject: overHttp(shop, { name: "1,000 items", itemIds }), peers: [hot] };
  },
};

const ITEMS = 1_000;

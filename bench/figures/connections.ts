import type { Contestant, Figure } from "../figure.ts";
import { beside, type OverHttp, openShop, overHttp, type UnderLoad } from "./over-http.ts";
import { REDIS, startRedisPeer, startTextbook } from "./peers.ts";

/** How the shop and its peers do as more buyers come at once: the value is the rate with 256, the rest are details. */
export const connections: Figure = {
  id: "CONNECTIONS",
  what: "one hot item over HTTP with 1, 8, 64, 256 and 1,024 connections",
  unit: "purchases/s (256)",
  targets: [],
  isOnDemand: true,
  async prepare(stage) {
    const shop = await openShop(stage);
    const redis = await startRedisPeer(shop);
    const idle = await beside(shop, "peers/no-op.ts");
    return {
      subject: overSizes(shop, { name: "doorbuster" }),
      peers: [
        "absentBecause" in redis ? redis : overSizes(redis, { name: REDIS, itemIds: redis.itemIds }),
        overSizes(await startTextbook(shop), { name: "textbook" }),
        overSizes(idle, { name: "no-op", procedure: "noOp", expected: "any 200" }),
      ],
    };
  },
};

const SIZES = [1, 8, 64, 256, 1_024];

function overSizes(underLoad: UnderLoad, options: OverHttp): Contestant {
  const contestants = SIZES.map((size) => [size, overHttp(underLoad, { ...options, connections: size })] as const);
  return {
    name: options.name,
    async round() {
      const details: Record<string, number> = {};
      for (const [size, contestant] of contestants) {
        const sample = await contestant.round();
        details[`${size}: answers/s`] = sample.value;
        details[`${size}: p99 ms`] = sample.details?.["p99 ms"] ?? Number.NaN;
      }
      return { value: details["256: answers/s"] ?? Number.NaN, details };
    },
  };
}

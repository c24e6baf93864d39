import type { AbsentPeer, Contestant } from "../figure.ts";
import { startRedis } from "../peers/redis/start-redis.ts";
import { bestOf } from "./best-of.ts";
import { beside, makeHotItem, overHttp, type UnderLoad } from "./over-http.ts";

/*
 * The peers that buy a hot item over HTTP, each on an item of its own in the store that the shop sells from.
 */

/** With more buyers at once than it can use, they only wait for each other. */
export async function textbookAtItsBest(shop: UnderLoad): Promise<Contestant> {
  const textbook = await startTextbook(shop);
  return bestOf(shop.stage, "connections", [8, 32, 64], (connections, stage) =>
    overHttp({ ...textbook, stage }, { name: "textbook", connections }),
  );
}

export function startTextbook(shop: UnderLoad): Promise<UnderLoad> {
  return beside(shop, "peers/textbook.ts");
}

export async function redisAtItsBest(shop: UnderLoad): Promise<Contestant | AbsentPeer> {
  const redis = await startRedisPeer(shop);
  if ("absentBecause" in redis) return redis;
  return bestOf(shop.stage, "connections", [64, 256], (connections, stage) =>
    overHttp({ ...redis, stage }, { name: REDIS, itemIds: redis.itemIds, connections }),
  );
}

export const REDIS = "Redis + Lua";

/** Knows the items that are in the store by then, one of them hot. */
export async function startRedisPeer({ stage, store, load }: UnderLoad): Promise<RedisPeer | AbsentPeer> {
  const redis = await startRedis(await stage.makeFolder());
  if (redis === "not installed") return { name: REDIS, absentBecause: "redis-server is not installed" };
  stage.onEnd(() => redis.stop());
  const itemIds = [await makeHotItem(store)];
  const env = { BENCH_REDIS_PORT: String(redis.port) };
  const server = await stage.startServer({ entry: "peers/redis/server.ts", store, env });
  return { stage, store, load, server, databasePid: redis.pid, itemIds };
}

interface RedisPeer extends UnderLoad {
  readonly itemIds: readonly number[];
}

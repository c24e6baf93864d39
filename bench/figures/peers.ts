import type { AbsentPeer, Contestant } from "../figure.ts";
import type { LoadProcess } from "../load/load-process.ts";
import type { Work } from "../load/requests.ts";
import { startRedis } from "../peers/redis/start-redis.ts";
import type { ServerProcess } from "../stage/server-process.ts";
import type { Store } from "../stage/store.ts";
import { usageOf } from "../stage/usage.ts";
import type { Stage } from "../stage.ts";
import { bestOf } from "./best-of.ts";
import { overHttp } from "./contest-over-http.ts";

/*
 * The peers that buy a hot item over HTTP, each on an item of its own in the store that the shop sells from.
 */

interface PeerOptions {
  readonly stage: Stage;
  readonly store: Store;
  readonly load: LoadProcess;
  readonly work: Work;
}

/** With more buyers at once than it can use, they only wait for each other. */
export async function textbookAtItsBest({ stage, store, load, work }: PeerOptions): Promise<Contestant> {
  const server = await startTextbook(stage, store);
  const shared = { name: "textbook", server, load, work, expected: "purchased" } as const;
  return bestOf(stage, "connections", [8, 32, 64], (connections, during) =>
    overHttp({ ...shared, stage: during, connections }),
  );
}

export async function redisAtItsBest({ stage, store, load, work }: PeerOptions): Promise<Contestant | AbsentPeer> {
  const found = await startRedisPeer(stage, store);
  if ("absentBecause" in found) return { name: REDIS, ...found };
  const shared = { name: REDIS, load, work, expected: "purchased", ...found } as const;
  return bestOf(stage, "connections", [64, 256], (connections, during) =>
    overHttp({ ...shared, stage: during, connections }),
  );
}

const REDIS = "Redis + Lua";

export function startTextbook(stage: Stage, store: Store): Promise<ServerProcess> {
  return stage.startServer({ entry: "peers/textbook.ts", store });
}

/** Knows the items that are in the store by then. */
export async function startRedisPeer(
  stage: Stage,
  store: Store,
): Promise<{ server: ServerProcess; databaseUsage: () => ReturnType<typeof usageOf> } | { absentBecause: string }> {
  const redis = await startRedis(await stage.makeFolder());
  if (redis === "not installed") return { absentBecause: "redis-server is not installed" };
  stage.onEnd(() => redis.stop());
  const env = { BENCH_REDIS_PORT: String(redis.port) };
  const server = await stage.startServer({ entry: "peers/redis/server.ts", store, env });
  return { server, databaseUsage: () => usageOf(redis.pid) };
}

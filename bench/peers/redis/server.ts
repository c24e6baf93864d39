import { serve } from "../../servers/serve.ts";
import { startFront } from "../front.ts";
import { loadStore } from "./load-store.ts";
import { RedisClient } from "./redis-client.ts";
import { openRedisPurchaser } from "./redis-purchaser.ts";

/** The shop's front before Redis: purchases are settled by a Lua script. */
await serve(() =>
  startFront({
    async openPurchaser(database) {
      const client = await RedisClient.open(Number(process.env.BENCH_REDIS_PORT));
      await loadStore(database, client);
      return openRedisPurchaser(client);
    },
  }),
);

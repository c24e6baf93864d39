import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { type ProxyName, startProxy } from "../../ops/proxy.fixture.ts";
import type { Figure } from "../figure.ts";
import { writeBuyers } from "../stage/store.ts";
import { usageOf } from "../stage/usage.ts";
import { overHttp } from "./contest-over-http.ts";
import { hotWork, makeHotItem } from "./hot-item.ts";

/** The mesh beside identical starts behind a proxy: what decided to give the mesh up. */
export const proxied: readonly Figure[] = [256, 16].map((connections) => ({
  id: `PROXY${connections}`,
  what: `P1 in two processes: the mesh, and behind proxies, ${connections} connections`,
  unit: "purchases/s",
  targets: [],
  async prepare(stage) {
    const store = await stage.makeStore();
    // Few enough that sessions are known after the warm-up: the processes of the mesh cannot be told of them.
    const buyers = JSON.parse(await readFile(store.buyersFile, "utf8")).slice(0, 2_000);
    const load = await stage.startLoad({ ...store, buyersFile: await writeBuyers(await stage.makeFolder(), buyers) });
    const work = hotWork(await makeHotItem(store));
    const one = () => stage.startServer({ entry: "servers/shop.ts", store });
    const contestant = (name: string, server: Awaited<ReturnType<typeof one>>) =>
      overHttp({
        stage,
        name,
        server: { ...server, warm: async () => {} },
        load,
        work,
        connections,
        expected: "purchased",
      });
    const behind = async (name: ProxyName) => {
      const shops = [await one(), await one()] as const;
      const proxy = await startProxy(name, [shops[0].url, shops[1].url]);
      stage.onEnd(async () => proxy[Symbol.asyncDispose]());
      const usage = async () => {
        const all = await Promise.all([proxy.pid, ...shops.map(({ pid }) => pid)].map(usageOf));
        return all.reduce((sum, each) => ({
          cpuMs: (sum?.cpuMs ?? 0) + (each?.cpuMs ?? 0),
          memoryMb: (sum?.memoryMb ?? 0) + (each?.memoryMb ?? 0),
        }));
      };
      return contestant(`behind ${name}`, { ...shops[0], url: proxy.url, usage });
    };
    const mesh = { entry: join("servers", "shop-processes.ts"), store, env: { PROCESSES: "2" } };
    return {
      subject: contestant("mesh", await stage.startServer(mesh)),
      peers: [await behind("haproxy"), await behind("nginx"), contestant("one process", await one())],
    };
  },
}));

import type { Figure } from "../figure.ts";
import { overHttp } from "./contest-over-http.ts";
import { hotWork, makeHotItem } from "./hot-item.ts";
import { startTextbook } from "./peers.ts";

/** P4: who is alone must not pay for what is there for the crowd. */
export const loneBuyer: Figure = {
  id: "P4",
  what: "a lone buyer's purchase over one connection",
  unit: "ms (p50)",
  targets: [{ against: "textbook", atMost: 0.9 }],
  async prepare(stage) {
    const store = await stage.makeStore();
    const load = await stage.startLoad(store);
    const [server, textbook] = await Promise.all([
      stage.startServer({ entry: "servers/shop.ts", store }),
      startTextbook(stage, store),
    ]);
    const shared = {
      stage,
      load,
      connections: 1,
      expected: "purchased",
      value: ({ p50Ms }: { p50Ms: number }) => p50Ms,
    } as const;
    return {
      subject: overHttp({ ...shared, name: "doorbuster", server, work: hotWork(await makeHotItem(store)) }),
      peers: [overHttp({ ...shared, name: "textbook", server: textbook, work: hotWork(await makeHotItem(store)) })],
    };
  },
};

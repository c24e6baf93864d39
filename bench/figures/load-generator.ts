import type { Figure } from "../figure.ts";
import { overHttp } from "./contest-over-http.ts";
import { BUYING_CONNECTIONS, hotWork, makeHotItem } from "./hot-item.ts";

/** The load itself: what it reaches where the server does next to nothing. Were it little more than P1, P1 would measure it. */
export const loadGenerator: Figure = {
  id: "LOAD",
  what: "the load generator, against a bare node:http server",
  unit: "requests/s",
  targets: [{ against: "P1", atLeast: 2 }],
  roundsMax: 1,
  async prepare(stage) {
    const store = await stage.makeStore();
    const load = await stage.startLoad(store);
    const [bare, server] = await Promise.all([
      stage.startServer({ entry: "peers/bare-http.ts", store }),
      stage.startServer({ entry: "servers/shop.ts", store }),
    ]);
    const shared = { stage, load, connections: BUYING_CONNECTIONS, work: hotWork(await makeHotItem(store)) };
    return {
      subject: overHttp({ ...shared, name: "bare node:http", server: bare, expected: "any 200" }),
      peers: [overHttp({ ...shared, name: "P1", server, expected: "purchased" })],
    };
  },
};

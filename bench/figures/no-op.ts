import type { Figure } from "../figure.ts";
import { overHttp } from "./contest-over-http.ts";
import { BUYING_CONNECTIONS, hotWork, makeHotItem } from "./hot-item.ts";

/** P3: what buying costs beside what a call costs that does nothing. */
export const noOp: Figure = {
  id: "P3",
  what: "P1 beside a procedure that does nothing",
  unit: "calls/s",
  targets: [{ against: "no-op", atLeast: 0.5 }],
  async prepare(stage) {
    const store = await stage.makeStore();
    const load = await stage.startLoad(store);
    const [server, idleServer] = await Promise.all([
      stage.startServer({ entry: "servers/shop.ts", store }),
      stage.startServer({ entry: "peers/no-op.ts", store }),
    ]);
    const work = hotWork(await makeHotItem(store));
    const shared = { stage, load, connections: BUYING_CONNECTIONS };
    return {
      subject: overHttp({ ...shared, name: "doorbuster", server, work, expected: "purchased" }),
      peers: [
        overHttp({
          ...shared,
          name: "no-op",
          server: idleServer,
          work: { ...work, procedure: "noOp" },
          expected: "any 200",
        }),
      ],
    };
  },
};

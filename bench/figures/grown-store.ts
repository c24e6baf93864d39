import type { Figure } from "../figure.ts";
import type { Store } from "../stage/store.ts";
import { storeAttempts } from "../stage/store-attempts.ts";
import type { Stage } from "../stage.ts";
import { overHttp } from "./contest-over-http.ts";
import { BUYING_CONNECTIONS, hotWork, makeHotItem } from "./hot-item.ts";

/** P11: attempts are kept for ever, so what is stored must not slow down what comes. */
export const grownStore: Figure = {
  id: "P11",
  what: "P1 with millions of attempts stored (5 unless --stored says otherwise)",
  unit: "purchases/s",
  targets: [{ against: "empty store", atLeast: 0.9 }],
  async prepare(stage) {
    const [grown, empty] = [await stage.makeStore(), await stage.makeStore()];
    stage.say(`  storing ${stage.storedAttempts.toLocaleString("en")} purchases first`);
    await storeAttempts(grown, { count: stage.storedAttempts, onProgress: progress(stage) });
    const contestant = async (name: string, store: Store) => {
      const load = await stage.startLoad(store);
      const server = await stage.startServer({ entry: "servers/shop.ts", store });
      const work = hotWork(await makeHotItem(store));
      return overHttp({ stage, name, server, load, work, connections: BUYING_CONNECTIONS, expected: "purchased" });
    };
    return { subject: await contestant("grown store", grown), peers: [await contestant("empty store", empty)] };
  },
};

/** Says so for each tenth. */
function progress({ say, storedAttempts }: Stage): (stored: number) => void {
  let said = 0;
  return (stored) => {
    const tenths = Math.floor((stored / storedAttempts) * 10);
    if (tenths > said) say(`  stored ${stored.toLocaleString("en")}`);
    said = Math.max(said, tenths);
  };
}

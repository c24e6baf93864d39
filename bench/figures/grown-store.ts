import type { Figure } from "../figure.ts";
import { storeAttempts } from "../stage/store-attempts.ts";
import type { Stage } from "../stage.ts";
import { openShop, overHttp } from "./over-http.ts";

/** P11: attempts are kept for ever, so what is stored must not slow down what comes. */
export const grownStore: Figure = {
  id: "P11",
  what: "P1 with millions of attempts stored (5 unless --stored says otherwise)",
  unit: "purchases/s",
  targets: [{ against: "empty store", atLeast: 0.9 }],
  async prepare(stage) {
    const grown = await stage.makeStore();
    stage.say(`  storing ${stage.storedAttempts.toLocaleString("en")} purchases first`);
    await storeAttempts(grown, { count: stage.storedAttempts, onProgress: sayTenths(stage) });
    return {
      subject: overHttp(await openShop(stage, grown), { name: "grown store" }),
      peers: [overHttp(await openShop(stage), { name: "empty store" })],
    };
  },
};

function sayTenths({ say, storedAttempts }: Stage): (stored: number) => void {
  let said = 0;
  return (stored) => {
    const tenths = Math.floor((stored / storedAttempts) * 10);
    if (tenths > said) say(`  stored ${stored.toLocaleString("en")}`);
    said = Math.max(said, tenths);
  };
}

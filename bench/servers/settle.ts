import { setTimeout as sleep } from "node:timers/promises";
import { openDatabase } from "../../server/database/database.ts";
import { answerCalls } from "../../server/processes/answer-calls.ts";
import { PurchaseBatcher } from "../../server/purchases/buy.ts";
import { readBuyers } from "../stage/store.ts";

/** A process that settles purchases with nothing before it: no HTTP, no sessions, no limits. */
const { DATABASE_URL = "", DATABASE_SCHEMA = "" } = process.env;
const buyers = await readBuyers();
const database = await openDatabase({ url: DATABASE_URL, schema: DATABASE_SCHEMA, poolSize: 10 });
const batcher = new PurchaseBatcher(database);
let purchases = 0;
let hasEnded = false;
let crowd: Promise<unknown> = Promise.resolve();

const methods = {
  /** Has as many buy at any time, each again as soon as it is answered. Returns when it is warm. */
  async begin({ itemId, inFlight, warmUpMs }: { itemId: number; inFlight: number; warmUpMs: number }) {
    hasEnded = false;
    const buyer = async () => {
      while (!hasEnded) {
        const userId = buyers[Math.floor(Math.random() * buyers.length)]?.userId ?? "";
        const { outcome } = await batcher.buy({ userId, itemId, quantity: 1, idempotencyKey: crypto.randomUUID() });
        if (outcome !== "purchased") throw new Error(`a purchase was ${outcome}`);
        purchases += 1;
      }
    };
    crowd = Promise.all(Array.from({ length: inFlight }, buyer));
    await Promise.race([sleep(warmUpMs), crowd]);
  },
  async count(ms: number) {
    const before = purchases;
    const startedAt = performance.now();
    await Promise.race([sleep(ms), crowd]);
    return { purchases: purchases - before, seconds: (performance.now() - startedAt) / 1_000 };
  },
  async end() {
    hasEnded = true;
    await crowd;
  },
};
export type SettleMethods = typeof methods;

await answerCalls(async () => ({
  methods,
  async stop() {
    await batcher.close();
    await database.close();
  },
}));

import { setTimeout as sleep } from "node:timers/promises";
import { Registry } from "@prometheus-io/client";
import { openDatabase } from "../../server/database/database.ts";
import { openFulfilment } from "../../server/fulfilment/fulfilment.ts";
import { purchaseTasks } from "../../server/fulfilment/purchase-tasks.ts";
import { answerCalls } from "../../server/processes/answer-calls.ts";
import { PurchaseBatcher } from "../../server/purchases/buy.ts";
import { Worker } from "../../server/tasks/worker.ts";
import { readBuyers, superuser } from "../stage/store.ts";

/** A process that sells, and then has the shop's worker dispatch what was sold. */
const { DATABASE_URL: databaseUrl = "", DATABASE_SCHEMA: schema = "" } = process.env;
const { WAREHOUSE_URL: url = "", WAREHOUSE_SECRET: secret = "" } = process.env;
const buyers = await readBuyers();
/** As large as that of the worker's process. */
const database = await openDatabase({ url: databaseUrl, schema, poolSize: 4 });
const sql = superuser(databaseUrl);
const instance = `bench ${process.pid}`;
const onError = (error: unknown) => process.stderr.write(`${error}\n`);
const fulfilment = openFulfilment({
  database,
  schema,
  access: { url, secret },
  registry: new Registry(),
  breaker: instance,
  onError,
});

const methods = {
  async sell({ itemId, count }: { itemId: number; count: number }) {
    const batcher = new PurchaseBatcher(database);
    let sold = 0;
    const buyOne = async () => {
      const userId = buyers[sold++ % buyers.length]?.userId ?? "";
      const { outcome } = await batcher.buy({ userId, itemId, quantity: 1, idempotencyKey: crypto.randomUUID() });
      if (outcome !== "purchased") throw new Error(`a purchase was ${outcome}`);
    };
    while (sold < count) await Promise.all(Array.from({ length: Math.min(SOLD_AT_ONCE, count - sold) }, buyOne));
    await batcher.close();
  },
  /** From the worker's start until nothing that was sold waits any more. @returns also this process's CPU */
  async dispatch() {
    const startedAt = performance.now();
    const cpuBefore = process.cpuUsage();
    const { handlers } = fulfilment;
    const sources = [purchaseTasks(database)];
    const worker = new Worker({ database, databaseUrl, schema, handlers, sources, instance, onError });
    while (await isAnythingOpen()) await sleep(LOOK_EVERY_MS);
    const ms = performance.now() - startedAt;
    const { user, system } = process.cpuUsage(cpuBefore);
    await worker.close();
    return { ms, cpuUs: user + system };
  },
};
export type WorkerMethods = typeof methods;

await answerCalls(async () => ({
  methods,
  async stop() {
    await fulfilment.close();
    await database.close();
    await sql.end();
  },
}));

async function isAnythingOpen(): Promise<boolean> {
  const [row] = await sql<{ isOpen: boolean }[]>`
    select exists (select from tasks where due_at is not null)
      or exists (select from items join dispatch_cursors on item_id = id where last_position > position) as "isOpen"`;
  return row?.isOpen ?? false;
}

const SOLD_AT_ONCE = 1_000;

const LOOK_EVERY_MS = 5;

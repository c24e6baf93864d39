import { readFile } from "node:fs/promises";
import { Registry } from "@prometheus-io/client";
import type { MintedToken } from "../../server/accounts/mint-tokens.ts";
import { openDatabase } from "../../server/database/database.ts";
import { openFulfilment } from "../../server/fulfilment/fulfilment.ts";
import { purchaseTasks } from "../../server/fulfilment/purchase-tasks.ts";
import { PurchaseDesk } from "../../server/purchases/combine.ts";
import { startWorker } from "../../server/tasks/worker.ts";
import { onParentGone, tell, telling } from "../stage/parent.ts";
import { superuser } from "../stage/store.ts";

/** A process that sells, and then has the shop's worker dispatch what was sold. Told by `SellRun` and `DispatchRun`. */
const { DATABASE_URL: databaseUrl = "", DATABASE_SCHEMA: schema = "", BENCH_BUYERS = "" } = process.env;
const { WAREHOUSE_URL: url = "", WAREHOUSE_SECRET: secret = "" } = process.env;
const buyers: MintedToken[] = JSON.parse(await readFile(BENCH_BUYERS, "utf8"));
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

onParentGone(async () => {
  await fulfilment.close();
  await database.close();
  await sql.end();
});
process.on("message", (message: SellRun | DispatchRun) =>
  telling(async () => (message.kind === "sell" ? sell(message) : dispatchAll())),
);
tell({ kind: "ready" });

async function sell({ itemId, count }: SellRun) {
  const desk = new PurchaseDesk(database);
  for (let sold = 0; sold < count; sold += SOLD_AT_ONCE) {
    await Promise.all(
      Array.from({ length: Math.min(SOLD_AT_ONCE, count - sold) }, async (_, n) => {
        const userId = buyers[(sold + n) % buyers.length]?.userId ?? "";
        const { outcome } = await desk.buy({ userId, itemId, quantity: 1, idempotencyKey: crypto.randomUUID() });
        if (outcome !== "purchased") throw new Error(`a purchase was ${outcome}`);
      }),
    );
  }
  await desk.close();
  return { kind: "sold" };
}

/** From the worker's start until nothing that was sold waits any more. */
async function dispatchAll() {
  const startedAt = performance.now();
  const cpuBefore = process.cpuUsage();
  const { handlers } = fulfilment;
  const sources = [purchaseTasks(database)];
  const worker = startWorker({ database, databaseUrl, schema, handlers, sources, instance, onError });
  while (await isAnythingOpen()) await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS));
  const ms = performance.now() - startedAt;
  const { user, system } = process.cpuUsage(cpuBefore);
  await worker.close();
  const dispatched: Dispatched = { ms, cpuUs: user + system };
  return { kind: "dispatched", ...dispatched };
}

async function isAnythingOpen(): Promise<boolean> {
  const [row] = await sql<{ isOpen: boolean }[]>`
    select exists (select from tasks where due_at is not null)
      or exists (select from items join dispatch_cursors on item_id = id where last_position > position) as "isOpen"`;
  return row?.isOpen ?? false;
}

export interface SellRun {
  readonly kind: "sell";
  readonly itemId: number;
  readonly count: number;
}

export interface DispatchRun {
  readonly kind: "dispatch";
}

export interface Dispatched {
  readonly ms: number;
  /** Of this process. */
  readonly cpuUs: number;
}

const SOLD_AT_ONCE = 1_000;

const LOOK_EVERY_MS = 5;

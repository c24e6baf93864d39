import { setTimeout as sleep } from "node:timers/promises";
import { sql } from "drizzle-orm";
import { purchaseTasks } from "../../server/fulfilment/purchase-tasks.ts";
import { reconcile } from "../../server/operations/reconcile.ts";
import { leaseRun } from "../../server/operations/reconcile-new/lease.ts";
import { reconcileNew } from "../../server/operations/reconcile-new/reconcile-new.ts";
import type { Contestant, Figure } from "../figure.ts";
import type { Store } from "../stage/store.ts";
import { storeAttempts } from "../stage/store-attempts.ts";
import { cpuPer, usagesOf } from "../stage/usage.ts";
import { makeHotItem, openShop, overHttp, type UnderLoad } from "./over-http.ts";

/** What a run over what is new takes that finds 100,000 purchases of one item, and their tasks. */
export const reconciliation: Figure = {
  id: "RECONCILE",
  what: "100,000 new purchases of one item, and their tasks, checked",
  unit: "s",
  targets: [],
  async prepare(stage) {
    const store = await stage.makeStore();
    await storeAttempts(store, { count: NEW_PURCHASES, onProgress: () => {} });
    const source = purchaseTasks(store.database);
    while ((await source.derive()) > 0);
    const timed = (name: string, work: () => Promise<{ ok: boolean }>): Contestant => ({
      name,
      async round() {
        const before = await usagesOf({ database: stage.postmasterPid });
        const beganAt = performance.now();
        const { ok } = await work();
        const value = (performance.now() - beganAt) / 1_000;
        if (!ok) throw new Error(`${name} found something broken`);
        const after = await usagesOf({ database: stage.postmasterPid });
        return { value, details: cpuPer("purchase", NEW_PURCHASES, { before, after }) };
      },
    });
    return {
      subject: timed("what is new", async () => {
        await forget(store);
        return runNew(store, 2 * NEW_PURCHASES);
      }),
      peers: [timed("everything", () => reconcile(store.database))],
    };
  },
};

/** What buyers of one hot item notice of it. A round has one run in it, which a minute has, or a few. */
export const reconciledMeanwhile: Figure = {
  id: "RECONCILED",
  what: "P1, one run over what is new in each round",
  unit: "purchases/s",
  targets: [],
  async prepare(stage) {
    const shop = await openShop(stage);
    const itemIds = [await makeHotItem(shop.store)];
    const buying = (name: string) => overHttp(shop, { name, itemIds });
    return { subject: besideARun(shop, buying("with a run")), peers: [buying("without")] };
  },
};

const NEW_PURCHASES = 100_000;

/** What a worker finds fitting in a second here, while everybody buys. */
const SIZE_BESIDE = 20_000;

function besideARun({ stage, store }: UnderLoad, buying: Contestant): Contestant {
  return {
    name: buying.name,
    async round() {
      const sample = buying.round();
      await sleep(stage.warmUpMs + stage.roundMs / 4);
      const { ok, seconds } = await runNew(store, SIZE_BESIDE);
      if (!ok) throw new Error("a run found something broken");
      const { value, details } = await sample;
      return { value, details: { ...details, "run s": seconds } };
    },
  };
}

async function runNew({ database }: Store, sizeMax: number) {
  await database.withTransaction((tx) => tx.execute(sql`update reconcile_turns set due_at = clock_timestamp()`));
  const lease = await leaseRun(database);
  if (lease.token === null) throw new Error("the run was not to be had");
  return reconcileNew(database, { lease, sizeMax });
}

/** As if nothing had been looked at. The buyers' first money, of which there are 20,000 rows, is left out. */
async function forget({ database }: Store): Promise<void> {
  await database.withTransaction(async (tx) => {
    await tx.execute(sql`update reconcile_turns set covered_until = clock_timestamp()`);
    await tx.execute(sql`
      update reconcile_marks
      set position = 0, units_sold = 0, tasks_position = 0, allotted = null, remaining = null, is_settled = false`);
  });
}

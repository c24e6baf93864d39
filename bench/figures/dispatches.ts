import { join } from "node:path";
import { warehouseSchema, warehouseSecret } from "../../server/warehouse/access.ts";
import type { Figure, Sample } from "../figure.ts";
import type { Dispatched } from "../servers/worker.ts";
import { type Child, startChild } from "../stage/child.ts";
import { usageOf } from "../stage/usage.ts";
import { makeHotItem } from "./hot-item.ts";

/**
 * P16: purchases of one hot item, dispatched by one worker through one process of the warehouse. All are sold first; to make
 * tasks of them counts.
 */
export const dispatches: Figure = {
  id: "P16",
  what: "purchases of one item dispatched by worker and warehouse",
  unit: "dispatches/s",
  targets: [],
  async prepare(stage) {
    const store = await stage.makeStore();
    const warehouse = await stage.startServer({ entry: "servers/warehouse.ts", store });
    const itemId = await makeHotItem(store);
    const worker = startChild(join(import.meta.dirname, "../servers/worker.ts"), {
      DATABASE_URL: store.url,
      DATABASE_SCHEMA: store.schema,
      BENCH_BUYERS: store.buyersFile,
      WAREHOUSE_URL: warehouse.url,
      WAREHOUSE_SECRET: warehouseSecret(stage.secret),
    });
    stage.onEnd(() => worker.stop());
    await worker.next("ready");
    // The item's units come in, and every statement is prepared.
    const first = await dispatchOf(worker, { itemId, count: DISPATCHES_FIRST });

    const unitsOut = async () => {
      const updates = store.sql`${store.sql(warehouseSchema(store.schema))}.inventory_updates`;
      const [row] = await store.sql<{ units: number }[]>`
        select sum(-quantity_change)::int as units from ${updates} where quantity_change < 0`;
      return row?.units ?? 0;
    };

    return {
      subject: {
        name: "doorbuster",
        async round(): Promise<Sample> {
          const count = Math.max(DISPATCHES_FIRST, Math.round((DISPATCHES_FIRST / first.ms) * stage.roundMs));
          const outBefore = await unitsOut();
          const usages = () => Promise.all([warehouse.usage(), usageOf(stage.postmasterPid)]);
          let before: Awaited<ReturnType<typeof usages>> = [undefined, undefined];
          const { ms, cpuUs } = await dispatchOf(worker, { itemId, count }, async () => {
            before = await usages();
          });
          const after = await usages();
          const out = (await unitsOut()) - outBefore;
          if (out !== count) throw new Error(`${out} units left the warehouse for ${count} purchases`);
          const usedUs = (of: 0 | 1) => (((after[of]?.cpuMs ?? 0) - (before[of]?.cpuMs ?? 0)) * 1_000) / count;
          return {
            value: (count / ms) * 1_000,
            details: {
              "worker CPU µs/dispatch": cpuUs / count,
              ...(after[0] && {
                "warehouse CPU µs/dispatch": usedUs(0),
                "database CPU µs/dispatch": usedUs(1),
              }),
            },
          };
        },
      },
    };
  },
};

async function dispatchOf(
  worker: Child,
  { itemId, count }: { itemId: number; count: number },
  onSold: () => Promise<void> = async () => {},
): Promise<Dispatched> {
  worker.send({ kind: "sell", itemId, count });
  await worker.next("sold");
  await onSold();
  worker.send({ kind: "dispatch" });
  return worker.next<Dispatched>("dispatched");
}

const DISPATCHES_FIRST = 2_000;

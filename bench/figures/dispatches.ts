import { warehouseSchema, warehouseSecret } from "../../server/warehouse/access.ts";
import type { Figure, Sample } from "../figure.ts";
import type { WorkerMethods } from "../servers/worker.ts";
import { cpuPer, usagesOf } from "../stage/usage.ts";
import { makeHotItem } from "./over-http.ts";

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
    const access = { WAREHOUSE_URL: warehouse.url, WAREHOUSE_SECRET: warehouseSecret(stage.secret) };
    const worker = await stage.startChild<WorkerMethods>("servers/worker.ts", { ...store.env, ...access });
    // The item's units come in, and every statement is prepared.
    await worker.call("sell", { itemId, count: DISPATCHES_FIRST });
    const first = await worker.call("dispatch");

    const unitsOut = async () => {
      const updates = store.sql`${store.sql(warehouseSchema(store.schema))}.inventory_updates`;
      const [row] = await store.sql<{ units: number }[]>`
        select sum(-quantity_change)::int as units from ${updates} where quantity_change < 0`;
      return row?.units ?? 0;
    };
    const usages = () => usagesOf({ warehouse: warehouse.pid, database: stage.postmasterPid });
    const round = async (): Promise<Sample> => {
      const count = Math.max(DISPATCHES_FIRST, Math.round((DISPATCHES_FIRST / first.ms) * stage.roundMs));
      const outBefore = await unitsOut();
      await worker.call("sell", { itemId, count });
      const before = await usages();
      const { ms, cpuUs } = await worker.call("dispatch");
      const after = await usages();
      const out = (await unitsOut()) - outBefore;
      if (out !== count) throw new Error(`${out} units left the warehouse for ${count} purchases`);
      return {
        value: (count / ms) * 1_000,
        details: { "worker CPU µs/dispatch": cpuUs / count, ...cpuPer("dispatch", count, { before, after }) },
      };
    };
    return { subject: { name: "doorbuster", round } };
  },
};

const DISPATCHES_FIRST = 2_000;

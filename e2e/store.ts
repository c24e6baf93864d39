import { expect } from "@playwright/test";
import postgres from "postgres";
import { isOver, takeMark } from "../server/chain/mark.ts";
import { sealBefore } from "../server/chain/seal-regularly.ts";
import { openDatabase } from "../server/database/database.ts";
import type { Product } from "./product.ts";

/** What is stored, changed behind the product's back: what time or damage would do. */
export async function openStore(product: Product) {
  const sql = postgres(await product.databaseUrl(), { max: 1, onnotice: () => {} });
  return {
    addToAllotment: (itemId: number, units: number) =>
      sql`update shop.items set allotted = allotted + ${units} where id = ${itemId}`,
    /** As somebody with every right can, whom no trigger stops. */
    changeAmount: (userId: string, cents: number) =>
      sql.begin(async (tx) => {
        await tx`set local session_replication_role = replica`;
        await tx`update shop.purchase_attempts set amount_cents = amount_cents + ${cents} where user_id = ${userId}`;
      }),
    /** What the worker does some seconds later. */
    async seal() {
      const database = await openDatabase({ url: await product.databaseUrl(), schema: "shop", poolSize: 1 });
      const mark = await takeMark(database);
      await expect.poll(() => isOver(database, mark)).toBe(true);
      while (await sealBefore(database, mark, { lagMs: 0 }));
      await database.close();
    },
    endSale: (saleId: number) => sql`update shop.sales set ends_at = clock_timestamp() where id = ${saleId}`,
    /** Nobody can read the counts of attempts until the answer is called. */
    async holdCounts() {
      const [held, release] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
      const holding = sql.begin(async (tx) => {
        await tx`lock table shop.attempt_seconds in access exclusive mode`;
        held.resolve();
        await release.promise;
      });
      await Promise.race([held.promise, holding]);
      return async () => {
        release.resolve();
        await holding;
      };
    },
    [Symbol.asyncDispose]: () => sql.end(),
  };
}

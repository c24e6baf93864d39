import postgres from "postgres";
import type { Product } from "./product.ts";

/** What is stored, changed behind the product's back: what time or damage would do. */
export async function openStore(product: Product) {
  const sql = postgres(await product.databaseUrl(), { max: 1, onnotice: () => {} });
  return {
    addToAllotment: (itemId: number, units: number) =>
      sql`update shop.items set allotted = allotted + ${units} where id = ${itemId}`,
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

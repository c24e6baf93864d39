import postgres from "postgres";
import type { Product } from "./product.ts";

/** What is stored, changed behind the product's back: what time or damage would do. */
export async function openStore(product: Product) {
  const sql = postgres(await product.databaseUrl(), { max: 1, onnotice: () => {} });
  return {
    addToAllotment: (itemId: number, units: number) =>
      sql`update shop.items set allotted = allotted + ${units} where id = ${itemId}`,
    endSale: (saleId: number) => sql`update shop.sales set ends_at = clock_timestamp() where id = ${saleId}`,
    [Symbol.asyncDispose]: () => sql.end(),
  };
}

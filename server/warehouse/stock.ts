import { sql } from "drizzle-orm";
import type { Stock, StockInput } from "../../shared/warehouse.ts";
import type { Databases } from "../database/databases.ts";
import type { Page } from "../database/paging.ts";
import type { WarehouseClient } from "./client/warehouse-client.ts";
import { orUnavailable } from "./or-unavailable.ts";
import { promisedUnits } from "./promised-units.ts";

/**
 * What lies in the warehouse beside what the shop still has to sell and to send, by product id. The two are read one after
 * the other, so for a moment they may tell of different moments.
 *
 * @throws Fault UNAVAILABLE; INVALID_INPUT for a cursor that is not one of this list
 */
export async function readStock(
  { operatorReads, warehouse }: Pick<Databases, "operatorReads"> & { readonly warehouse: WarehouseClient | undefined },
  input: StockInput,
): Promise<Page<Stock>> {
  const { items, nextCursor } = await orUnavailable(warehouse, (client) => client.stock(input, { once: true }));
  const ids = items.map(({ productId }) => productId);
  const promised = await promisedUnits(operatorReads, sql`product_id = any(${sql.param(ids)}::bigint[])`);
  const byId = new Map(promised.map((units) => [units.productId, units]));
  return {
    items: items.map((product) => {
      const { sellable = 0, awaiting = 0 } = byId.get(product.productId) ?? {};
      return { ...product, sellable, awaitingDispatch: awaiting };
    }),
    nextCursor,
  };
}

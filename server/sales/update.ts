import { eq, sql } from "drizzle-orm";
import { items } from "../../drizzle/schema/index.ts";
import type { Sale, UpdateSaleInput } from "../../shared/sales.ts";
import type { Tx } from "../database/database.ts";
import { changeSale, type SaleServices } from "./change-sale.ts";
import { decideUpdate, type ItemChange, updateDetails } from "./decide-update.ts";

/**
 * Changes a sale and its items; what is left out stays. What may change when is in `decide-update.ts`. All or nothing.
 *
 * @throws Fault NOT_FOUND, INVALID_INPUT, NOT_ALLOWED_NOW, CHANGED_MEANWHILE
 */
export async function updateSale(services: SaleServices, actorId: string, input: UpdateSaleInput): Promise<Sale> {
  return changeSale(services, { ...input, actorId, action: "sales.update" }, async (sale, tx) => {
    const decision = decideUpdate(sale, input);
    if (!decision) return undefined;
    if (decision.items.length > 0) await updateItems(tx, decision.items);
    return { set: decision.set, details: updateDetails(sale, decision) };
  });
}

/** One statement for all of them. Their rows are locked, so the values that do not change are as they were read. */
async function updateItems(tx: Tx, changes: readonly ItemChange[]): Promise<void> {
  const rows = changes.map(({ item, after }) => ({ ...item, ...after }));
  const array = <Value>(valueIn: (row: (typeof rows)[number]) => Value) => sql.param(rows.map(valueIn));
  await tx
    .update(items)
    .set({
      name: sql`changed.name`,
      description: sql`changed.description`,
      imageUrl: sql`changed.image_url`,
      priceCents: sql`changed.price_cents`,
      limitPerCustomer: sql`changed.limit_per_customer`,
    })
    .from(
      sql`unnest(
        ${array((row) => row.id)}::bigint[],
        ${array((row) => row.name)}::text[],
        ${array((row) => row.description)}::text[],
        ${array((row) => row.imageUrl)}::text[],
        ${array((row) => row.priceCents)}::bigint[],
        ${array((row) => row.limitPerCustomer)}::integer[]
      ) as changed (id, name, description, image_url, price_cents, limit_per_customer)`,
    )
    .where(eq(items.id, sql`changed.id`));
}

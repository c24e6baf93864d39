import { eq, sql } from "drizzle-orm";
import { products } from "../../drizzle/schema/index.ts";
import { Fault } from "../../shared/faults.ts";
import type { Product, UpdateProductInput } from "../../shared/products.ts";
import { changedMeanwhile } from "../audit/changed-meanwhile.ts";
import { changesOf, pick } from "../audit/changes.ts";
import { recordAudit } from "../audit/record.ts";
import type { Database, Tx } from "../database/database.ts";
import { productById } from "./by-id.ts";

/**
 * Changes what the catalogue says of a product. Orders and items of sales keep the name and the price that they were made
 * with. Where nothing differs, nothing is written.
 *
 * @throws Fault NOT_FOUND; CHANGED_MEANWHILE when something differs and it has been edited since `input.edits`
 */
export async function updateProduct(database: Database, actorId: string, input: UpdateProductInput): Promise<Product> {
  return database.withTransaction((tx) => update(tx, actorId, input), { name: "products.update" });
}

async function update(
  tx: Tx,
  actorId: string,
  { productId, edits, reason, ...wanted }: UpdateProductInput,
): Promise<Product> {
  // Its key stays: orders that are being placed for it need not wait.
  const [row] = await tx.select().from(products).where(eq(products.id, productId)).for("no key update");
  if (!row) throw new Fault("NOT_FOUND", `There is no product with the id ${productId}.`);

  const after = changesOf<ProductValues>(row, wanted);
  if (Object.keys(after).length > 0) {
    if (edits !== undefined && edits !== row.edits) {
      const subjects = [`product:${productId}`];
      throw await changedMeanwhile(tx, { what: "this product", subjects, editsNow: row.edits });
    }
    await tx
      .update(products)
      .set({ ...after, updatedAt: sql`statement_timestamp()`, edits: row.edits + 1 })
      .where(eq(products.id, productId));
    await recordAudit(tx, {
      actorKind: "person",
      actorId,
      action: "products.update",
      subject: `product:${productId}`,
      details: { before: pick(row, after), after, ...(reason !== undefined && { reason }) },
    });
  }
  return productById(tx, productId);
}

type ProductValues = Required<Omit<UpdateProductInput, "productId" | "edits" | "reason">>;

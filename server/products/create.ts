import { products } from "../../drizzle/schema/index.ts";
import { CURRENCY } from "../../shared/money.ts";
import type { CreateProductInput, Product } from "../../shared/products.ts";
import { recordAudit } from "../audit/record.ts";
import type { Database } from "../database/database.ts";
import { productById } from "./by-id.ts";

/** Puts a product into the catalogue. No warehouse keeps it until goods are received. */
export async function createProduct(database: Database, actorId: string, input: CreateProductInput): Promise<Product> {
  return database.withTransaction(
    async (tx) => {
      const values = { ...input, imageUrl: input.imageUrl ?? null };
      const [made] = await tx
        .insert(products)
        .values({ ...values, currency: CURRENCY })
        .returning({ id: products.id });
      if (!made) throw new Error("the database answered no id for a new product");
      await recordAudit(tx, {
        actorKind: "person",
        actorId,
        action: "products.create",
        subject: `product:${made.id}`,
        details: values,
      });
      return productById(tx, made.id);
    },
    { name: "products.create" },
  );
}

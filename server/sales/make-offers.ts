import { asc, inArray } from "drizzle-orm";
import { type items, products, warehouses } from "../../drizzle/schema/index.ts";
import { Fault } from "../../shared/faults.ts";
import type { CreateSaleInput } from "../../shared/sales.ts";
import type { Tx } from "../database/database.ts";

/**
 * What each item of a sale to be made offers, and out of which warehouse: its own words where given, else its product's.
 * An item with a name alone makes its product first, which then exists for sales alone.
 *
 * @param field what the items are called in the input
 * @throws Fault NOT_FOUND for an unknown product or warehouse
 */
export async function makeOffers(tx: Tx, inputs: readonly ItemInput[], field: string): Promise<Offer[]> {
  const warehouseIds = await findWarehouses(tx, inputs, field);
  const known = await findProducts(tx, inputs);
  const made = await insertProducts(
    tx,
    inputs.filter((input) => input.productId === undefined),
  );
  let madeCount = 0;
  return inputs.map((input, index) => {
    const product = input.productId === undefined ? made[madeCount++] : known.get(input.productId);
    if (!product)
      throw new Fault("NOT_FOUND", `${field}[${index}]: there is no product with the id ${input.productId}.`);
    return {
      productId: product.id,
      warehouseId: warehouseIds[index] ?? 0,
      name: input.name ?? product.name,
      description: input.description ?? product.description,
      imageUrl: input.imageUrl === undefined ? product.imageUrl : input.imageUrl,
      priceCents: input.priceCents,
      allotted: input.stock,
      remaining: input.stock,
      limitPerCustomer: input.limitPerCustomer ?? null,
    };
  });
}

async function findWarehouses(tx: Tx, inputs: readonly ItemInput[], field: string): Promise<number[]> {
  const rows = await tx.select({ id: warehouses.id }).from(warehouses).orderBy(asc(warehouses.id));
  const [first] = rows;
  if (!first) throw new Error("there is no warehouse");
  const known = new Set(rows.map((row) => row.id));
  return inputs.map(({ warehouseId = first.id }, index) => {
    if (known.has(warehouseId)) return warehouseId;
    throw new Fault("NOT_FOUND", `${field}[${index}]: there is no warehouse with the id ${warehouseId}.`);
  });
}

async function findProducts(tx: Tx, inputs: readonly ItemInput[]): Promise<Map<number, ProductRow>> {
  const ids = inputs.flatMap((input) => input.productId ?? []);
  if (ids.length === 0) return new Map();
  const rows = await tx.select().from(products).where(inArray(products.id, ids));
  return new Map(rows.map((row) => [row.id, row]));
}

async function insertProducts(tx: Tx, inputs: readonly ItemInput[]): Promise<ProductRow[]> {
  if (inputs.length === 0) return [];
  const values = inputs.map(({ name = "", description = "", imageUrl = null, priceCents }) => {
    return { name, description, imageUrl, priceCents, onlyInSales: true };
  });
  const rows = await tx.insert(products).values(values).returning();
  // Neither their order nor that of their ids says which is whose; two that look the same may stand for each other.
  const made = Map.groupBy(rows, looksOf);
  return values.map((value) => {
    const row = made.get(looksOf(value))?.shift();
    if (!row) throw new Error(`the product "${value.name}" was made and is not answered`);
    return row;
  });
}

function looksOf({ name, description, imageUrl, priceCents }: Looks): string {
  return JSON.stringify([name, description, imageUrl, priceCents]);
}

type ItemInput = CreateSaleInput["items"][number];
type ProductRow = typeof products.$inferSelect;
type Looks = Pick<ProductRow, "name" | "description" | "imageUrl" | "priceCents">;

export type Offer = Omit<typeof items.$inferInsert, "saleId" | "ordinal">;

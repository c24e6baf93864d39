import { inArray, sql } from "drizzle-orm";
import { v7 as uuidv7 } from "uuid";
import {
  inventory,
  items,
  products,
  receipts,
  sales,
  stockAdjustments,
  warehouses,
} from "../../drizzle/schema/index.ts";
import { Fault } from "../../shared/faults.ts";
import { CURRENCY } from "../../shared/money.ts";
import type { CreateSaleInput, Sale } from "../../shared/sales.ts";
import { recordAudit } from "../audit/record.ts";
import { readClock } from "../database/clock.ts";
import type { Tx } from "../database/database.ts";
import { isoTime } from "../database/times.ts";
import type { Services } from "../services.ts";
import { saleById } from "./by-id.ts";

/**
 * Plans a sale with its items, in one transaction. A sale whose start has passed sells at once; one whose end has passed
 * never does.
 *
 * @returns the sale with its items in the order given
 * @throws Fault NOT_FOUND for an unknown product
 */
export async function createSale(
  { database, liveSales }: Pick<Services, "database" | "liveSales">,
  actorId: string,
  input: CreateSaleInput,
): Promise<Sale> {
  const sale = await database.withTransaction((tx) => insertSale(tx, actorId, input), { name: "sales.create" });
  liveSales.changed(sale.id);
  return sale;
}

/**
 * The same inside a transaction.
 *
 * @param actorId null when the system itself makes the sale
 */
export async function insertSale(tx: Tx, actorId: string | null, input: CreateSaleInput): Promise<Sale> {
  const { now } = await readClock(tx);
  const warehouseId = await firstWarehouse(tx);
  const offers = (await productsOf(tx, input.items)).map((offer) => ({ ...offer, warehouseId }));
  const saleId = await insertSaleRow(tx, input);
  const itemRows = await tx
    .insert(items)
    .values(offers.map((offer, ordinal) => ({ ...offer, saleId, ordinal })))
    .returning({ id: items.id, allotted: items.allotted, productId: items.productId });
  const allotted = itemRows.filter((item) => item.allotted > 0);
  if (allotted.length > 0) {
    await receive(tx, allotted, { actorId, warehouseId, now });
    await tx.insert(stockAdjustments).values(allotted.map((item) => firstAllotment(item, actorId, now)));
  }
  const sale = await saleById(tx, saleId);
  await recordAudit(tx, {
    actorId,
    action: "sales.create",
    subject: `sale:${saleId}`,
    outcome: "success",
    details: { after: { name: sale.name, startsAt: sale.startsAt, endsAt: sale.endsAt, items: sale.items } },
  });
  return sale;
}

/** What each item offers: its own words where given, else its product's. An item by name makes its product first. */
async function productsOf(tx: Tx, inputs: readonly ItemInput[]): Promise<Offer[]> {
  const known = await findProducts(tx, inputs);
  const made = await insertProducts(
    tx,
    inputs.filter((input) => input.productId === undefined),
  );
  let madeCount = 0;
  return inputs.map((input, index) => {
    const product = input.productId === undefined ? made[madeCount++] : known.get(input.productId);
    if (!product) throw new Fault("NOT_FOUND", `items[${index}]: there is no product with the id ${input.productId}.`);
    return {
      productId: product.id,
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

async function findProducts(tx: Tx, inputs: readonly ItemInput[]): Promise<Map<number, ProductRow>> {
  const ids = inputs.flatMap((input) => input.productId ?? []);
  if (ids.length === 0) return new Map();
  const rows = await tx.select().from(products).where(inArray(products.id, ids));
  return new Map(rows.map((row) => [row.id, row]));
}

async function insertProducts(tx: Tx, inputs: readonly ItemInput[]): Promise<ProductRow[]> {
  if (inputs.length === 0) return [];
  const rows = await tx
    .insert(products)
    .values(
      inputs.map(({ name = "", description = "", imageUrl, priceCents }) => ({
        name,
        description,
        imageUrl: imageUrl ?? null,
        priceCents,
        onlyInSales: true,
      })),
    )
    .returning();
  // Identities are drawn in the order of the values, whatever the order of the answer.
  return rows.sort((a, b) => a.id - b.id);
}

async function firstWarehouse(tx: Tx): Promise<number> {
  const [warehouse] = await tx.select({ id: sql<number>`min(${warehouses.id})`.mapWith(Number) }).from(warehouses);
  if (!warehouse) throw new Error("there is no warehouse");
  return warehouse.id;
}

/** The units of a new sale come in with it: received by the warehouse and all of them allotted. */
async function receive(
  tx: Tx,
  made: { id: number; productId: number; allotted: number }[],
  { actorId, warehouseId, now }: { actorId: string | null; warehouseId: number; now: string },
): Promise<void> {
  await tx.insert(receipts).values(
    made.map((item) => ({
      id: uuidv7(),
      warehouseId,
      productId: item.productId,
      units: item.allotted,
      reason: "For a sale",
      actorId,
      idempotencyKey: uuidv7(),
      fingerprint: `item=${item.id}`,
      receivedAt: now,
    })),
  );
  await tx
    .insert(inventory)
    .values(made.map(({ productId }) => ({ warehouseId, productId })))
    .onConflictDoNothing();
}

async function insertSaleRow(tx: Tx, input: CreateSaleInput): Promise<number> {
  const [row] = await tx
    .insert(sales)
    .values({
      name: input.name,
      startsAt: isoTime(Date.parse(input.startsAt)),
      endsAt: isoTime(Date.parse(input.endsAt)),
      currency: CURRENCY,
    })
    .returning({ id: sales.id });
  if (!row) throw new Error("the database answered no id for a new sale");
  return row.id;
}

function firstAllotment(item: { id: number; allotted: number }, actorId: string | null, now: string) {
  return {
    id: uuidv7(),
    itemId: item.id,
    change: item.allotted,
    allottedAfter: item.allotted,
    remainingAfter: item.allotted,
    reason: "allotted",
    actorId,
    idempotencyKey: uuidv7(),
    fingerprint: `item=${item.id}&change=${item.allotted}&reason=allotted`,
    adjustedAt: now,
  };
}

type ItemInput = CreateSaleInput["items"][number];
type ProductRow = typeof products.$inferSelect;
type Offer = Omit<typeof items.$inferInsert, "saleId" | "ordinal" | "warehouseId">;

import { sql } from "drizzle-orm";
import { inventory, products, sales, stockAdjustments, users, warehouses } from "../../drizzle/schema/index.ts";
import type { UserRole } from "../../shared/users.ts";
import type { Database } from "../database/database.ts";
import { storeReceipts } from "../products/store-receipts.ts";
import { insertItems } from "../sales/insert-items.ts";
import { openWallets } from "../wallets/open-wallets.ts";

/** Makes active buyers with money, and gives their ids. A balance of zero leaves the wallets empty. */
export async function makeBuyers(
  database: Database,
  count: number,
  { balanceCents = 1_000_000, role = "buyer", mayMoveMoney = role === "operator" }: MadeUser = {},
): Promise<string[]> {
  const ids = Array.from({ length: count }, () => crypto.randomUUID());
  // An operator as one of before roles were written down: the audit log has no entry of it.
  const since = role === "buyer" ? sql`now()` : sql`timestamptz '2000-01-01'`;
  await database.withTransaction(async (tx) => {
    await tx.insert(users).select(sql`
      select id, 'Buyer', id || '@example.com', false, null, ${role}, ${mayMoveMoney}, true, ${since}, now()
      from unnest(${sql.param(ids)}::uuid[]) as made (id)
    `);
    if (balanceCents > 0) await openWallets(tx, ids, balanceCents);
  });
  return ids;
}

interface MadeUser {
  balanceCents?: number;
  role?: UserRole;
  mayMoveMoney?: boolean;
}

/** Makes one active buyer with money. */
export async function makeBuyer(database: Database, options?: { balanceCents?: number }): Promise<string> {
  return only(await makeBuyers(database, 1, options));
}

/** Makes one operator, who may move money unless told otherwise. */
export async function makeOperator(database: Database, { mayMoveMoney = true } = {}): Promise<string> {
  return only(await makeBuyers(database, 1, { balanceCents: 0, role: "operator", mayMoveMoney }));
}

/** Makes one auditor. */
export async function makeAuditor(database: Database): Promise<string> {
  return only(await makeBuyers(database, 1, { balanceCents: 0, role: "auditor" }));
}

/** Makes a sale with one item for each entry of `offers`; live from a minute ago for an hour unless told otherwise. */
export async function makeSale(database: Database, offers: Offer[], terms: Terms = {}): Promise<MadeSale> {
  const { startsInMs = -60_000, endsInMs = 3_600_000, limitPerCustomer = null, needsAccessCode = false } = terms;
  return database.withTransaction(async (tx) => {
    const [sale] = await tx
      .insert(sales)
      .values({
        name: "A sale",
        currency: "EUR",
        startsAt: new Date(Date.now() + startsInMs).toISOString(),
        endsAt: new Date(Date.now() + endsInMs).toISOString(),
        limitPerCustomer,
        needsAccessCode,
      })
      .returning({ id: sales.id });
    const [product] = await tx
      .insert(products)
      .values({ name: "A product", priceCents: 1_000, onlyInSales: true })
      .returning({ id: products.id });
    if (!sale || !product) throw new Error("no sale was made");
    const where = { productId: product.id, warehouseId: MAIN_WAREHOUSE_ID };
    await tx.insert(inventory).values(where);
    const itemIds = await insertItems(
      tx,
      offers.map(({ stock, priceCents = 1_000, limitPerCustomer = null }, ordinal) => ({
        saleId: sale.id,
        ...where,
        ordinal,
        name: `Item ${ordinal}`,
        description: "",
        priceCents,
        allotted: stock,
        remaining: stock,
        limitPerCustomer,
      })),
    );
    await storeReceipts(
      tx,
      offers.filter(({ stock }) => stock > 0).map(({ stock }) => received({ ...where, units: stock })),
    );
    await tx.insert(stockAdjustments).values(
      offers.map(({ stock }, ordinal) => ({
        id: crypto.randomUUID(),
        itemId: itemIds[ordinal] ?? 0,
        change: stock,
        allottedAfter: stock,
        remainingAfter: stock,
        reason: "allotted",
        idempotencyKey: crypto.randomUUID(),
        fingerprint: "",
        adjustedAt: new Date().toISOString(),
      })),
    );
    return { saleId: sale.id, itemIds };
  });
}

function received(goods: { warehouseId: number; productId: number; units: number }) {
  return {
    ...goods,
    id: crypto.randomUUID(),
    reason: "received",
    idempotencyKey: crypto.randomUUID(),
    fingerprint: "",
    receivedAt: new Date().toISOString(),
  };
}

/** Makes a sale with one item, and gives that item's id. */
export async function makeItem(database: Database, offer: Offer, terms?: Terms): Promise<number> {
  return only((await makeSale(database, [offer], terms)).itemIds);
}

/** Makes a product of the catalogue for each entry, received by the warehouses that its `units` name, and gives the ids. */
export async function makeProducts(database: Database, goods: Goods[]): Promise<number[]> {
  return database.withTransaction(async (tx) => {
    const made = await tx
      .insert(products)
      .values(
        goods.map(({ name = "A product", priceCents = 1_000, available = true, onlyInSales = false }) => ({
          name,
          priceCents,
          available,
          onlyInSales,
        })),
      )
      .returning({ id: products.id });
    // Identities are drawn in the order of the values, whatever the order of the answer.
    const ids = made.map(({ id }) => id).sort((a, b) => a - b);
    const kept = goods.flatMap(({ units = 0 }, index) => {
      const perWarehouse = typeof units === "number" ? { [MAIN_WAREHOUSE_ID]: units } : units;
      return Object.entries(perWarehouse).map(([warehouseId, count]) => ({
        warehouseId: Number(warehouseId),
        productId: ids[index] ?? 0,
        units: count,
      }));
    });
    if (kept.length > 0) await tx.insert(inventory).values(kept);
    await storeReceipts(tx, kept.filter(({ units }) => units > 0).map(received));
    return ids;
  });
}

/** Makes a warehouse beside the main one, and gives its id. */
export async function makeWarehouse(database: Database, name = "Second warehouse"): Promise<number> {
  return database.withTransaction(
    async (tx) => only(await tx.insert(warehouses).values({ name }).returning({ id: warehouses.id })).id,
  );
}

function only<Made>([made]: readonly Made[]): Made {
  if (made === undefined) throw new Error("nothing was made");
  return made;
}

export interface Goods {
  name?: string;
  priceCents?: number;
  available?: boolean;
  onlyInSales?: boolean;
  /** In the main warehouse, or by the id of the warehouse; none names it as kept there, `{}` as kept nowhere. */
  units?: number | Record<number, number>;
}

/** The one that the migrations make. */
export const MAIN_WAREHOUSE_ID = 1;

export interface Offer {
  stock: number;
  priceCents?: number;
  limitPerCustomer?: number | null;
}

/** Of a sale; times are relative to now, in ms. */
export interface Terms {
  startsInMs?: number;
  endsInMs?: number;
  /** Over all items. */
  limitPerCustomer?: number | null;
  needsAccessCode?: boolean;
}

export interface MadeSale {
  saleId: number;
  /** In the order of the offers. */
  itemIds: number[];
}

import { asc, desc, eq, type SQL, sql } from "drizzle-orm";
import { families, items, products, sales, variants } from "../../drizzle/schema/index.ts";
import type { Item, Sale } from "../../shared/sales.ts";
import type { Database, Tx } from "../database/database.ts";
import { epochMs, epochMsOrNull, isoTime } from "../database/times.ts";
import { familyWords } from "../products/families/family-words.ts";
import { type SaleTimes, saleStatusAt } from "./sale-status.ts";

/**
 * Reads sales with their items as the public sees them, the newest start first, with their status by the database's
 * clock. One statement, so a sale and its items are of one moment, however many there are.
 */
export async function readSales(
  db: Database["db"] | Tx,
  { where, limit }: { where: SQL | undefined; limit: number },
): Promise<Sale[]> {
  const chosen = db
    .select({
      id: sales.id,
      name: sales.name,
      currency: sales.currency,
      limitPerCustomer: sales.limitPerCustomer,
      needsAccessCode: sales.needsAccessCode,
      version: sales.version,
      edits: sales.edits,
      startsAt: sales.startsAt,
      ...SALE_TIMES,
      nowMs: epochMs(sql`statement_timestamp()`).as("now_ms"),
    })
    .from(sales)
    .where(where)
    .orderBy(desc(sales.startsAt), desc(sales.id))
    .limit(limit)
    .as("chosen");
  const rows = await db
    .select({
      sale: {
        id: chosen.id,
        name: chosen.name,
        currency: chosen.currency,
        limitPerCustomer: chosen.limitPerCustomer,
        needsAccessCode: chosen.needsAccessCode,
        version: chosen.version,
        edits: chosen.edits,
        startsAtMs: chosen.startsAtMs,
        endsAtMs: chosen.endsAtMs,
        pausedAtMs: chosen.pausedAtMs,
        cancelledAtMs: chosen.cancelledAtMs,
        nowMs: chosen.nowMs,
      },
      item: items,
      product: { priceCents: products.priceCents, available: products.available, onlyInSales: products.onlyInSales },
      family: families,
      variant: variants,
    })
    .from(chosen)
    .leftJoin(items, eq(items.saleId, chosen.id))
    .leftJoin(products, eq(products.id, items.productId))
    .leftJoin(variants, eq(variants.productId, items.productId))
    .leftJoin(families, eq(families.id, variants.familyId))
    .orderBy(desc(chosen.startsAt), desc(chosen.id), asc(items.ordinal));

  const rowsOfSale = Map.groupBy(rows, (row) => row.sale.id);
  return [...rowsOfSale.values()].flatMap((saleRows) => {
    const shown = saleRows.flatMap(({ item, ...its }) => (item?.withdrawnAt === null ? itemOf(item, its) : []));
    // A version only rises, so that an item which leaves takes nothing of it along.
    const version = saleRows.reduce((sum, { item }) => sum + (item?.version ?? 0), 0);
    return saleRows.slice(0, 1).map(({ sale }) => saleOf({ ...sale, version: sale.version + version }, shown));
  });
}

function saleOf(sale: SaleRow, saleItems: Item[]): Sale {
  return {
    id: sale.id,
    name: sale.name,
    startsAt: isoTime(sale.startsAtMs),
    endsAt: isoTime(sale.endsAtMs),
    status: saleStatusAt(sale, sale.nowMs),
    currency: sale.currency,
    limitPerCustomer: sale.limitPerCustomer,
    needsAccessCode: sale.needsAccessCode,
    version: sale.version,
    edits: sale.edits,
    serverTime: isoTime(sale.nowMs),
    items: saleItems,
  };
}

function itemOf(item: ItemRow, { product, family, variant }: OfItem): Item {
  const { id, productId, name, description, imageUrl, priceCents, allotted, remaining, limitPerCustomer, version } =
    item;
  return {
    id,
    productId,
    name,
    description,
    imageUrl,
    priceCents,
    ...(product?.available && !product.onlyInSales && { cataloguePriceCents: product.priceCents }),
    allotted,
    remaining,
    limitPerCustomer,
    version,
    ...(family && variant && { family: familyWords({ ...family, ...variant, place: variant.ordinal }) }),
  };
}

/** To be selected for the status of a sale. */
export const SALE_TIMES = {
  startsAtMs: epochMs(sales.startsAt).as("starts_at_ms"),
  endsAtMs: epochMs(sales.endsAt).as("ends_at_ms"),
  pausedAtMs: epochMsOrNull(sales.pausedAt).as("paused_at_ms"),
  cancelledAtMs: epochMsOrNull(sales.cancelledAt).as("cancelled_at_ms"),
};

interface SaleRow
  extends SaleTimes,
    Pick<Sale, "id" | "name" | "currency" | "limitPerCustomer" | "needsAccessCode" | "version" | "edits"> {
  readonly nowMs: number;
}

type ItemRow = typeof items.$inferSelect;
interface OfItem {
  readonly product: ProductRow | null;
  readonly family: typeof families.$inferSelect | null;
  readonly variant: typeof variants.$inferSelect | null;
}
type ProductRow = Pick<typeof products.$inferSelect, "priceCents" | "available" | "onlyInSales">;

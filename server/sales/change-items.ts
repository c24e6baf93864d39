import { eq, inArray, sql } from "drizzle-orm";
import { items, stockAdjustments } from "../../drizzle/schema/index.ts";
import type { Tx } from "../database/database.ts";
import { newUuid } from "../database/new-uuid.ts";
import { addItems } from "./add-items.ts";
import type { LockedItem, LockedSale } from "./change-sale.ts";
import type { ItemChange, SaleUpdateDecision } from "./decide-update.ts";
import { giveBackUnits, lockInventory } from "./inventory.ts";
import { makeOffers } from "./make-offers.ts";
import { moveToInventory } from "./move-to-inventory.ts";
import { takeUnits } from "./take-units.ts";

/**
 * Does to the items of a locked sale what was decided about them. Where units go either way, all rows of the inventory are
 * locked at once, as `lockInventory` says, and what comes back is there for what is taken.
 *
 * @returns the ids of the items that it added, in the order of `lineUp.added`
 * @throws Fault NOT_FOUND for an unknown product or warehouse; INSUFFICIENT_STOCK
 */
export async function changeItems(
  tx: Tx,
  sale: LockedSale,
  { items: changes, lineUp, actorId }: Pick<SaleUpdateDecision, "items" | "lineUp"> & { actorId: string },
): Promise<number[]> {
  const offers = await makeOffers(tx, lineUp.added, "addItems");
  const restocked = changes.flatMap(({ item, after: { stock } }) =>
    stock === undefined ? [] : [{ item, units: stock - item.allotted }],
  );
  const slots = [...offers, ...lineUp.removed, ...restocked.map(({ item }) => item)];
  if (slots.length > 0) await lockInventory(tx, slots);

  const by = { actorId, now: sale.now };
  if (lineUp.removed.length > 0) await withdraw(tx, lineUp.removed, by);
  if (restocked.length > 0) await restock(tx, restocked, by);
  const ordinals = ordinalsOf(sale, lineUp.order);
  const rows = rowsToWrite(sale, { changes, removed: lineUp.removed, ordinals });
  if (rows.length > 0) await updateItems(tx, rows);
  if (offers.length === 0) return [];
  const placed = offers.map((offer, index) => ({
    ...offer,
    ordinal: ordinals.get(`added ${index}`) ?? sale.nextOrdinal + index,
  }));
  const idsInOrder = await addItems(tx, placed, { ...by, saleId: sale.id });
  const places = placed.map(({ ordinal }) => ordinal).toSorted((a, b) => a - b);
  return placed.map(({ ordinal }) => idsInOrder[places.indexOf(ordinal)] ?? 0);
}

/** They stay in the table, for what names them; they are not shown any more. */
async function withdraw(tx: Tx, removed: readonly LockedItem[], by: { actorId: string; now: string }): Promise<void> {
  await moveToInventory(
    tx,
    removed.filter(({ remaining }) => remaining > 0),
    { ...by, reason: "taken out of the sale" },
  );
  await tx
    .update(items)
    .set({ withdrawnAt: by.now, version: sql`${items.version} + 1` })
    .where(
      inArray(
        items.id,
        removed.map(({ id }) => id),
      ),
    );
}

/** Moves units between the inventory and items that have sold nothing yet; their rows are written by `updateItems`. */
async function restock(tx: Tx, restocked: readonly Restocked[], by: { actorId: string; now: string }): Promise<void> {
  const moved = restocked.map(({ item: { warehouseId, productId }, units }) => ({ warehouseId, productId, units }));
  await giveBackUnits(
    tx,
    moved.filter(({ units }) => units < 0).map((change) => ({ ...change, units: -change.units })),
  );
  await takeUnits(
    tx,
    moved.filter(({ units }) => units > 0),
    { reason: "For a sale", fingerprint: `sale=${restocked[0]?.item.saleId}`, ...by },
  );
  await tx.insert(stockAdjustments).values(
    restocked.map(({ item, units }) => ({
      id: newUuid(),
      itemId: item.id,
      change: units,
      allottedAfter: item.allotted + units,
      remainingAfter: item.remaining + units,
      reason: "planned",
      actorId: by.actorId,
      idempotencyKey: newUuid(),
      fingerprint: `item=${item.id}&change=${units}&reason=planned`,
      adjustedAt: by.now,
    })),
  );
}

/** Numbers above all that the sale ever had: no two items have one at any moment, in whatever order rows are written. */
function ordinalsOf(sale: LockedSale, order: SaleUpdateDecision["lineUp"]["order"]): ReadonlyMap<string, number> {
  return new Map(
    order?.map(({ itemId, added }, place) => {
      return [itemId === undefined ? `added ${added}` : `item ${itemId}`, sale.nextOrdinal + place] as const;
    }),
  );
}

function rowsToWrite(sale: LockedSale, { changes, removed, ordinals }: Changes): ItemRow[] {
  const afterOf = new Map(changes.map(({ item, after }) => [item.id, after]));
  return sale.items
    .filter((item) => !removed.includes(item))
    .filter(({ id }) => afterOf.has(id) || ordinals.has(`item ${id}`))
    .map((item) => {
      const { stock, ...values } = afterOf.get(item.id) ?? {};
      const units = stock === undefined ? {} : { allotted: stock, remaining: stock, version: item.version + 1 };
      return { ...item, ...values, ...units, ordinal: ordinals.get(`item ${item.id}`) ?? item.ordinal };
    });
}

/** One statement for all of them. Their rows are locked, so the values that do not change are as they were read. */
async function updateItems(tx: Tx, rows: readonly ItemRow[]): Promise<void> {
  const array = <Value>(valueIn: (row: ItemRow) => Value) => sql.param(rows.map(valueIn));
  await tx
    .update(items)
    .set({
      ordinal: sql`changed.ordinal`,
      name: sql`changed.name`,
      description: sql`changed.description`,
      imageUrl: sql`changed.image_url`,
      priceCents: sql`changed.price_cents`,
      limitPerCustomer: sql`changed.limit_per_customer`,
      allotted: sql`changed.allotted`,
      remaining: sql`changed.remaining`,
      version: sql`changed.version`,
    })
    .from(
      sql`unnest(
        ${array((row) => row.id)}::bigint[],
        ${array((row) => row.ordinal)}::integer[],
        ${array((row) => row.name)}::text[],
        ${array((row) => row.description)}::text[],
        ${array((row) => row.imageUrl)}::text[],
        ${array((row) => row.priceCents)}::bigint[],
        ${array((row) => row.limitPerCustomer)}::integer[],
        ${array((row) => row.allotted)}::integer[],
        ${array((row) => row.remaining)}::integer[],
        ${array((row) => row.version)}::bigint[]
      ) as changed (
        id, ordinal, name, description, image_url, price_cents, limit_per_customer, allotted, remaining, version
      )`,
    )
    .where(eq(items.id, sql`changed.id`));
}

interface Restocked {
  readonly item: LockedItem;
  /** More (positive) or fewer (negative). */
  readonly units: number;
}

interface Changes {
  readonly changes: readonly ItemChange[];
  readonly removed: readonly LockedItem[];
  readonly ordinals: ReadonlyMap<string, number>;
}

type ItemRow = typeof items.$inferSelect;

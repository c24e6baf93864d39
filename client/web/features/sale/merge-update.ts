import type { Sale, SaleUpdate } from "../../../../shared/sales.ts";

/**
 * The sale as it is after an update of the live view. An update that is older than what is known changes nothing.
 *
 * @returns the same object when nothing changed
 */
export function mergeUpdate(sale: Sale, update: SaleUpdate): Sale {
  if (update.saleId !== sale.id || update.version < sale.version) return sale;
  const stocks = new Map(update.items.map((item) => [item.id, item]));
  const items = sale.items.map((item) => {
    const stock = stocks.get(item.id);
    if (!stock || stock.version < item.version) return item;
    if (stock.version === item.version && stock.remaining === item.remaining) return item;
    return { ...item, remaining: stock.remaining, version: stock.version };
  });
  const { version, status, startsAt, endsAt } = update;
  if (sale.version === version && sale.status === status && items.every((item, index) => item === sale.items[index])) {
    return sale;
  }
  return { ...sale, version, status, startsAt, endsAt, items };
}

/**
 * Whether an update speaks of a change that it does not carry: updates hold stock and times, while names, texts,
 * limits and how many units there are in all must be read anew.
 */
export function needsReading(sale: Sale, update: SaleUpdate): boolean {
  if (update.version <= sale.version) return false;
  const versions = new Map(sale.items.map((item) => [item.id, item.version]));
  const hasGrown = update.items.some((item) => {
    const known = sale.items.find(({ id }) => id === item.id);
    return !known || item.remaining > known.remaining;
  });
  // One that was taken out of the sale is gone from updates.
  const hasShrunk = update.items.length < sale.items.length;
  return hasGrown || hasShrunk || update.items.every((item) => versions.get(item.id) === item.version);
}

/** Of two readings of one sale the newer one: an answer can be overtaken by the live view on its way here. */
export function newerSale(known: Sale | undefined, read: Sale): Sale {
  return known && known.id === read.id && known.version > read.version ? known : read;
}

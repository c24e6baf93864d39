import type { DispatchBody, StockChanged, WarehouseRefused } from "../../../shared/warehouse.ts";

/**
 * Decides about a dispatch, all or nothing: pure, so that every case can be tried without a database.
 *
 * @param stock units on hand of the known products among those asked for, as they are while their rows are locked
 * @returns the changes in the order of products, one for each, however many lines it had
 */
export function decideDispatch(
  body: DispatchBody,
  stock: ReadonlyMap<number, number>,
): StockChanged | WarehouseRefused {
  const demand = unitsByProduct(body.lines);
  const unknown = [...demand].filter(([productId]) => !stock.has(productId));
  if (unknown.length > 0) {
    return refusal("UNKNOWN_PRODUCT", `The warehouse does not know ${namesOf(unknown)}.`, unknown, stock);
  }
  const short = [...demand].filter(([productId, quantity]) => (stock.get(productId) ?? 0) < quantity);
  if (short.length > 0) {
    return refusal("SHORTAGE", `The warehouse has too few units of ${namesOf(short)}.`, short, stock);
  }
  const updates = [...demand].map(([productId, quantity]) => {
    const previousStock = stock.get(productId) ?? 0;
    return { productId, quantityChange: -quantity, previousStock, newStock: previousStock - quantity };
  });
  return { outcome: "done", reference: body.reference, updates, replayed: false };
}

/** The units of each product, summed over its lines, in the order of products. */
export function unitsByProduct(lines: readonly { productId: number; quantity: number }[]): Map<number, number> {
  const units = new Map<number, number>();
  for (const { productId, quantity } of lines.toSorted((a, b) => a.productId - b.productId)) {
    units.set(productId, (units.get(productId) ?? 0) + quantity);
  }
  return units;
}

type Demand = readonly [productId: number, quantity: number];

function refusal(
  code: WarehouseRefused["code"],
  message: string,
  demands: readonly Demand[],
  stock: ReadonlyMap<number, number>,
): WarehouseRefused {
  const products = demands.map(([productId, requested]) => ({
    productId,
    requested,
    available: stock.get(productId) ?? 0,
  }));
  return { outcome: "refused", code, message, products, replayed: false };
}

/** A sentence names a few; the answer lists them all. */
function namesOf(demands: readonly Demand[]): string {
  const named = demands.slice(0, NAMED_MAX).map(([productId]) => productId);
  const more = demands.length - named.length;
  const word = demands.length === 1 ? "product" : "products";
  return `${word} ${named.join(", ")}${more > 0 ? ` and ${more} more` : ""}`;
}

const NAMED_MAX = 5;

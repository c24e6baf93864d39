import type { Product } from "../../../../shared/products.ts";
import type { BasketLine } from "./basket.ts";

/** A line beside what the shop says of its product now. */
export interface LineState {
  readonly line: BasketLine;
  /**
   * - `unchecked`: the shop has not been heard yet
   * - `gone`: no longer sold
   * - `short`: the shop has fewer units than the line asks for
   * - `apart`: it has enough, but not in the warehouse that has the rest of the basket
   */
  readonly state: "unchecked" | "fine" | "gone" | "short" | "apart";
  /** Units that the line could have now. */
  readonly available: number;
  /** What a unit costs now. */
  readonly priceCents: number;
  /** What it cost when the buyer last looked; undefined where that is the same. */
  readonly priceBeforeCents: number | undefined;
  /** A live sale in which it is cheaper. */
  readonly onSale: Product["onSale"] | undefined;
}

/** @param products undefined until the shop was heard; one that is missing is no longer sold */
export function lineStates(lines: readonly BasketLine[], products: readonly Product[] | undefined): LineState[] {
  if (!products) {
    return lines.map((line) => ({
      line,
      state: "unchecked",
      available: line.quantity,
      priceCents: line.priceCents,
      priceBeforeCents: undefined,
      onSale: undefined,
    }));
  }
  const byId = new Map(products.map((product) => [product.id, product]));
  const warehouseId = likelyWarehouse(lines, byId);
  return lines.map((line) => stateOf(line, byId.get(line.productId), warehouseId));
}

/** What the basket costs now. What is no longer sold costs nothing. */
export function totalCents(states: readonly LineState[]): number {
  return states
    .filter(({ state }) => state !== "gone")
    .reduce((sum, { line, priceCents }) => sum + line.quantity * priceCents, 0);
}

function stateOf(line: BasketLine, product: Product | undefined, warehouseId: number | undefined): LineState {
  if (!product) {
    return {
      line,
      state: "gone",
      available: 0,
      priceCents: line.priceCents,
      priceBeforeCents: undefined,
      onSale: undefined,
    };
  }
  const { priceCents, onSale } = product;
  const priceBeforeCents = priceCents === line.priceCents ? undefined : line.priceCents;
  const available = unitsIn(product, warehouseId);
  const most = Math.max(0, ...product.stock.map(({ units }) => units));
  const state = line.quantity <= available ? "fine" : line.quantity <= most ? "apart" : "short";
  return { line, state, available, priceCents, priceBeforeCents, onSale };
}

/**
 * An order leaves from one warehouse. The shop takes the one that has enough of most products, then the one with most
 * units of them, then the oldest; this foresees its choice, so that the buyer hears of a shortage before paying.
 */
function likelyWarehouse(lines: readonly BasketLine[], products: ReadonlyMap<number, Product>): number | undefined {
  const scores = new Map<number, { warehouseId: number; enough: number; units: number }>();
  for (const { productId, quantity } of lines) {
    for (const { warehouseId, units } of products.get(productId)?.stock ?? []) {
      const score = scores.get(warehouseId) ?? { warehouseId, enough: 0, units: 0 };
      score.enough += units >= quantity ? 1 : 0;
      score.units += units;
      scores.set(warehouseId, score);
    }
  }
  const best = [...scores.values()].sort(
    (a, b) => b.enough - a.enough || b.units - a.units || a.warehouseId - b.warehouseId,
  );
  return best[0]?.warehouseId;
}

function unitsIn(product: Product, warehouseId: number | undefined): number {
  return Math.max(0, product.stock.find((place) => place.warehouseId === warehouseId)?.units ?? 0);
}

import type { ORDER_LINES_MAX, ORDER_QUANTITY_MAX } from "../../../../shared/orders.ts";

/**
 * What a buyer has put aside. Its key names the order that it will become: as long as it stays the same, the shop sells
 * this basket once, however many tabs and clicks ask for it.
 */
export interface Basket {
  /** The idempotency key of the order. */
  readonly key: string;
  readonly lines: readonly BasketLine[];
}

/** A product in the basket, as it was when it was last looked at: so it can be shown before the shop has answered. */
export interface BasketLine {
  readonly productId: number;
  /** From 1 to `QUANTITY_MAX`. */
  readonly quantity: number;
  readonly name: string;
  readonly imageUrl: string | null;
  /** The price that the buyer has seen; the shop takes its own. */
  readonly priceCents: number;
}

/** What the basket keeps of a product. */
export interface BasketProduct {
  readonly id: number;
  readonly name: string;
  readonly imageUrl: string | null;
  readonly priceCents: number;
}

/** Adds units of a product, as far as a line and the basket may hold them. */
export function withProduct(basket: Basket, product: BasketProduct, units = 1): Basket {
  const before = quantityOf(basket, product.id);
  if (before > 0) return withQuantity(basket, product.id, before + units);
  if (isFull(basket)) return basket;
  const { id: productId, name, imageUrl, priceCents } = product;
  const line = { productId, quantity: clampQuantity(units), name, imageUrl, priceCents };
  return { ...basket, lines: [...basket.lines, line] };
}

/** Anything that is not a quantity becomes the nearest one that is. */
export function withQuantity(basket: Basket, productId: number, quantity: number): Basket {
  return changeLine(basket, productId, (line) => ({ ...line, quantity: clampQuantity(quantity) }));
}

export function withoutProduct(basket: Basket, productId: number): Basket {
  return { ...basket, lines: basket.lines.filter((line) => line.productId !== productId) };
}

/** Puts a line back where it was; one that is there again stays as it is. */
export function withLineAt(basket: Basket, line: BasketLine, index: number): Basket {
  if (quantityOf(basket, line.productId) > 0 || isFull(basket)) return basket;
  return { ...basket, lines: basket.lines.toSpliced(index, 0, line) };
}

/** The buyer has seen what these products cost now. */
export function withPrices(basket: Basket, products: readonly BasketProduct[]): Basket {
  const prices = new Map(products.map(({ id, priceCents }) => [id, priceCents]));
  const lines = basket.lines.map((line) => ({ ...line, priceCents: prices.get(line.productId) ?? line.priceCents }));
  return { ...basket, lines };
}

/** What is left once these units were ordered: what was put in meanwhile, as a basket of its own. */
export function afterOrder(basket: Basket, ordered: readonly OrderedUnits[], nextKey: string): Basket {
  const units = new Map(ordered.map(({ productId, quantity }) => [productId, quantity]));
  const lines = basket.lines
    .map((line) => ({ ...line, quantity: line.quantity - (units.get(line.productId) ?? 0) }))
    .filter(({ quantity }) => quantity > 0);
  return { key: nextKey, lines };
}

export function quantityOf(basket: Basket, productId: number): number {
  return basket.lines.find((line) => line.productId === productId)?.quantity ?? 0;
}

/** Units in the basket. */
export function countOf({ lines }: Basket): number {
  return lines.reduce((sum, { quantity }) => sum + quantity, 0);
}

export function isFull({ lines }: Basket): boolean {
  return lines.length >= LINES_MAX;
}

export function clampQuantity(quantity: number): number {
  if (!Number.isFinite(quantity)) return 1;
  return Math.min(Math.max(Math.trunc(quantity), 1), QUANTITY_MAX);
}

/** The shop's own bounds, held equal to them by their types: the schemas beside those are too heavy for the first load. */
export const LINES_MAX: typeof ORDER_LINES_MAX = 100;
export const QUANTITY_MAX: typeof ORDER_QUANTITY_MAX = 100;

interface OrderedUnits {
  readonly productId: number;
  readonly quantity: number;
}

function changeLine(basket: Basket, productId: number, change: (line: BasketLine) => BasketLine): Basket {
  return { ...basket, lines: basket.lines.map((line) => (line.productId === productId ? change(line) : line)) };
}

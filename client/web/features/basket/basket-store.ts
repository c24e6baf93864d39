import { type Basket, type BasketLine, clampQuantity, LINES_MAX } from "./basket.ts";

/**
 * The basket of this browser. It survives reloads, and all tabs share it: every change is made to what is stored at
 * that moment, and other tabs hear of it by the storage's event.
 */
export class BasketStore {
  readonly #storage: BasketStorage | undefined;
  readonly #newKey: () => string;
  readonly #listeners = new Set<() => void>();
  /** Where the storage takes nothing, the basket lives as long as the page does. */
  #unstored: string | undefined;
  #text: string | null | undefined;
  #basket: Basket | undefined;

  constructor({ storage, newKey }: BasketStoreOptions) {
    this.#storage = storage;
    this.#newKey = newKey;
  }

  /** The same object until something changes, so that React may compare it. */
  read(): Basket {
    const text = this.#readText();
    if (this.#basket === undefined || text !== this.#text) {
      this.#text = text;
      this.#basket = parseBasket(text) ?? { key: this.#newKey(), lines: [] };
    }
    return this.#basket;
  }

  /** The same as of the last change that subscribers were told of. */
  snapshot(): Basket {
    return this.#listeners.size === 0 || this.#basket === undefined ? this.read() : this.#basket;
  }

  /** Returns after the change is written and told. */
  change(change: (basket: Basket) => Basket): void {
    const before = this.read();
    const after = change(before);
    if (after === before) return;
    const text = JSON.stringify({ version: VERSION, ...after });
    try {
      if (!this.#storage) throw new Error("This browser keeps nothing");
      this.#storage.setItem(BASKET_KEY, text);
      this.#unstored = undefined;
    } catch {
      this.#unstored = text;
    }
    this.#tell();
  }

  /** Calls back after a change by this tab, and after those of others that `noteStorageEvent` was told of. */
  subscribe(listener: () => void): () => void {
    this.read();
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** For `storage` events. A null key means that everything was cleared. */
  noteStorageEvent({ key }: { key: string | null }): void {
    if (key === null || key === BASKET_KEY) this.#tell();
  }

  #readText(): string | null {
    if (this.#unstored !== undefined) return this.#unstored;
    try {
      return this.#storage?.getItem(BASKET_KEY) ?? null;
    } catch {
      return null;
    }
  }

  #tell(): void {
    this.read();
    for (const listener of this.#listeners) listener();
  }
}

export type BasketStorage = Pick<Storage, "getItem" | "setItem">;

export interface BasketStoreOptions {
  readonly storage: BasketStorage | undefined;
  readonly newKey: () => string;
}

export const BASKET_KEY = "doorbuster.basket";

/** Rises when what is stored changes its shape; baskets of other versions are not read. */
const VERSION = 1;

/** More than a full basket with the longest names takes. What is longer was not written by this page. */
const TEXT_LENGTH_MAX = 200_000;

/** @returns undefined for anything that is not a basket of this version; lines that are none are left out */
function parseBasket(text: string | null): Basket | undefined {
  if (text === null || text.length > TEXT_LENGTH_MAX) return undefined;
  const value = parseJson(text);
  if (!isRecord(value) || value.version !== VERSION || !isKey(value.key) || !Array.isArray(value.lines)) {
    return undefined;
  }
  const byProduct = new Map(value.lines.filter(isLine).map((line) => [line.productId, line]));
  const lines = [...byProduct.values()].slice(0, LINES_MAX);
  return { key: value.key, lines: lines.map((line) => ({ ...line, quantity: clampQuantity(line.quantity) })) };
}

function isLine(value: unknown): value is BasketLine {
  return (
    isRecord(value) &&
    isCount(value.productId) &&
    isCount(value.quantity) &&
    isCount(value.priceCents) &&
    typeof value.name === "string" &&
    (value.imageUrl === null || typeof value.imageUrl === "string")
  );
}

function isCount(value: unknown): boolean {
  return Number.isSafeInteger(value) && Number(value) > 0;
}

function isKey(value: unknown): value is string {
  return typeof value === "string" && /^[\x21-\x7e]{1,255}$/.test(value);
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

import { expect, test } from "vitest";
import { type Basket, withProduct, withQuantity } from "./basket.ts";
import { BASKET_KEY, type BasketStorage, BasketStore } from "./basket-store.ts";

const LAMP = { id: 1, name: "Lamp", imageUrl: "/images/lamp.svg", priceCents: 1_999 };
const add = (basket: Basket) => withProduct(basket, LAMP);

test("a basket survives a reload with its key", () => {
  const storage = memoryStorage();
  const before = open(storage);
  before.change(add);
  expect(open(storage).read()).toEqual(before.read());
  expect(open(storage).read().lines).toHaveLength(1);
});

test("two tabs have one basket with one key, and neither overwrites the other's change", () => {
  const storage = memoryStorage();
  const [here, there] = [open(storage), open(storage)];
  here.read();
  there.read();
  here.change(add);
  there.change((basket) => withProduct(basket, { ...LAMP, id: 2 }));
  here.change((basket) => withQuantity(basket, 1, 7));
  expect(there.read()).toEqual(here.read());
  expect(here.read().lines.map(({ productId, quantity }) => [productId, quantity])).toEqual([
    [1, 7],
    [2, 1],
  ]);
});

test("another tab shows a change as soon as the storage tells of it, and not at other entries' changes", () => {
  const storage = memoryStorage();
  const [here, there] = [open(storage), open(storage)];
  let told = 0;
  const stop = there.subscribe(() => told++);
  here.change(add);
  expect(there.snapshot().lines).toEqual([]);
  there.noteStorageEvent({ key: "doorbuster.theme" });
  expect(told).toBe(0);
  there.noteStorageEvent({ key: BASKET_KEY });
  expect(there.snapshot().lines).toHaveLength(1);
  storage.entries.clear();
  there.noteStorageEvent({ key: null });
  expect(there.snapshot().lines).toEqual([]);
  expect(told).toBe(2);
  stop();
});

test("answers the same basket until something changes", () => {
  const store = open(memoryStorage());
  expect(store.read()).toBe(store.read());
  store.change(add);
  expect(store.read()).toBe(store.read());
});

test.each([
  ["nothing that can be read", "{"],
  ["another version", JSON.stringify({ version: 2, key: "k", lines: [] })],
  ["no key", JSON.stringify({ version: 1, lines: [] })],
  ["a key that no request could carry", JSON.stringify({ version: 1, key: "a b", lines: [] })],
  ["far too much", JSON.stringify({ version: 1, key: "k", lines: [], more: "x".repeat(200_000) })],
  ["null", "null"],
])("where there is %s, the basket is empty and works", (_what, text) => {
  const storage = memoryStorage();
  storage.entries.set(BASKET_KEY, text);
  const store = open(storage);
  expect(store.read()).toEqual({ key: "new-key", lines: [] });
  store.change(add);
  expect(open(storage).read().lines).toHaveLength(1);
});

test("lines that are none are left out, and quantities and their number are bounded", () => {
  const line = { productId: 1, quantity: 1, name: "Lamp", imageUrl: null, priceCents: 5 };
  const strange = [{}, null, { ...line, productId: "1" }, { ...line, priceCents: -1 }, { ...line, imageUrl: 7 }];
  const many = Array.from({ length: 150 }, (_, index) => ({ ...line, productId: index + 1, quantity: 1_000 }));
  const storage = memoryStorage();
  storage.entries.set(BASKET_KEY, JSON.stringify({ version: 1, key: "k", lines: [...strange, ...many] }));
  const { lines } = open(storage).read();
  expect(lines).toHaveLength(100);
  expect(new Set(lines.map(({ quantity }) => quantity))).toEqual(new Set([100]));
});

test("where the browser keeps nothing, the basket lives as long as the page", () => {
  const full = {
    ...memoryStorage(),
    setItem: () => {
      throw new Error("QuotaExceededError");
    },
  };
  for (const storage of [full, undefined]) {
    const store = open(storage);
    store.change(add);
    expect(store.read().lines).toHaveLength(1);
    expect(store.snapshot().lines).toHaveLength(1);
  }
});

function open(storage: BasketStorage | undefined): BasketStore {
  return new BasketStore({ storage, newKey: () => "new-key" });
}

function memoryStorage(): BasketStorage & { entries: Map<string, string> } {
  const entries = new Map<string, string>();
  return {
    entries,
    getItem: (key) => entries.get(key) ?? null,
    setItem: (key, value) => void entries.set(key, value),
  };
}

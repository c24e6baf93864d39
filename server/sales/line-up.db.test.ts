import { expect, it } from "vitest";
import type { Sale, UpdateSaleInput } from "../../shared/sales.ts";
import { reconcile } from "../operations/reconcile.ts";
import { settle } from "../purchases/settle.ts";
import { eventually } from "../testing/eventually.ts";
import { makeBuyer, makeOperator, makeProducts, makeWarehouse } from "../testing/factories.ts";
import { hold } from "../testing/hold.ts";
import { isWaitingForLock } from "../testing/is-waiting-for-lock.ts";
import { createTestDatabase } from "../testing/test-database.ts";
import { adjustStock } from "./adjust-stock.ts";
import { saleById } from "./by-id.ts";
import { cancelSale } from "./cancel.ts";
import { createSale } from "./create.ts";
import { recordingLiveSales } from "./live/live-sales.fixture.ts";
import { readStates } from "./live/read-states.ts";
import { updateSale } from "./update.ts";

const HOUR_MS = 3_600_000;
const at = (inMs: number) => new Date(Date.now() + inMs).toISOString();

/** A sale of three items of one product, of which 70 units stay in the inventory. */
async function setUp({ startsInMs = HOUR_MS } = {}) {
  const test = await createTestDatabase();
  const services = { database: test.database, liveSales: recordingLiveSales() };
  const operatorId = await makeOperator(test.database);
  const [productId = 0] = await makeProducts(test.database, [{ name: "Lamp", units: 100 }]);
  const sale = await createSale(services, operatorId, {
    name: "Friday",
    startsAt: at(startsInMs),
    endsAt: at(startsInMs + HOUR_MS),
    items: ["One", "Two", "Three"].map((name) => ({ productId, name, priceCents: 500, stock: 10 })),
  });
  const [one = 0, two = 0, three = 0] = sale.items.map(({ id }) => id);
  const stock = async () => {
    const rows = await test.sql`select warehouse_id, units from inventory where product_id = ${productId} order by 1`;
    return rows.map(({ units }) => units);
  };
  return {
    ...test,
    services,
    operatorId,
    productId,
    sale,
    ids: [one, two, three] as const,
    stock,
    update: (input: Omit<UpdateSaleInput, "saleId">) => updateSale(services, operatorId, { saleId: sale.id, ...input }),
    async [Symbol.asyncDispose]() {
      expect(await reconcile(test.database)).toMatchObject({ ok: true });
      await test[Symbol.asyncDispose]();
    },
  };
}

const names = ({ items }: Sale) => items.map(({ name }) => name);

it("adds, takes out, restocks and orders items in one change, with every unit where it belongs", async () => {
  await using shop = await setUp();
  const [one, two, three] = shop.ids;
  const harbour = await makeWarehouse(shop.database);
  const changed = await shop.update({
    items: [
      { itemId: one, stock: 25 },
      { itemId: three, stock: 4, name: "Third" },
    ],
    removeItemIds: [two],
    addItems: [
      { productId: shop.productId, name: "Four", priceCents: 700, stock: 61 },
      { name: "Only here", warehouseId: harbour, priceCents: 900, stock: 8 },
    ],
    order: [{ added: 1 }, { itemId: three }, { added: 0 }, { itemId: one }],
  });
  expect(changed.items).toMatchObject([
    { name: "Only here", allotted: 8, remaining: 8, priceCents: 900 },
    { id: three, name: "Third", allotted: 4, remaining: 4 },
    { name: "Four", allotted: 61, remaining: 61, productId: shop.productId },
    { id: one, allotted: 25, remaining: 25 },
  ]);
  // 70, the ten that were taken out, and six that one item gave; fifteen went to another and 61 to the new one.
  expect(await shop.stock()).toEqual([10]);
  const [audited] = await shop.sql`select details from audit_log where action = 'sales.update'`;
  const [first, , third] = changed.items.map(({ id }) => id);
  expect(audited?.details).toMatchObject({
    items: [
      { itemId: one, before: { stock: 10 }, after: { stock: 25 } },
      { itemId: three, before: { stock: 10, name: "Three" }, after: { stock: 4, name: "Third" } },
    ],
    added: [
      { itemId: third, name: "Four", stock: 61 },
      { itemId: first, name: "Only here", stock: 8 },
    ],
    removed: [{ itemId: two, name: "Two", allotted: 10 }],
    order: { before: [one, two, three], after: [first, three, third, one] },
  });
});

it("raises the version that viewers see also where an item leaves, and shows them the same items as the page", async () => {
  await using shop = await setUp();
  for (let change = 1; change <= 5; change++) {
    await adjustStock(shop.services, shop.operatorId, {
      itemId: shop.ids[0],
      change: 1,
      reason: "more",
      idempotencyKey: `${change}`,
    });
  }
  const before = await saleById(shop.database.db, shop.sale.id);
  const after = await shop.update({ removeItemIds: [shop.ids[0]] });
  expect(names(after)).toEqual(["Two", "Three"]);
  expect(after.version).toBeGreaterThan(before.version);
  const [seen] = await readStates(shop.database, [shop.sale.id]);
  expect(seen).toMatchObject({ version: after.version, items: after.items.map(({ id }) => ({ id })) });
});

it("takes units for an item from those that another one of the same change gives back", async () => {
  await using shop = await setUp();
  const [one, two] = shop.ids;
  await shop.update({ items: [{ itemId: one, stock: 80 }] });
  expect(await shop.stock()).toEqual([0]);
  await shop.update({
    items: [
      { itemId: one, stock: 5 },
      { itemId: two, stock: 85 },
    ],
  });
  expect(await shop.stock()).toEqual([0]);
});

it("does nothing of a change for which units are missing, and says what is short", async () => {
  await using shop = await setUp();
  const before = await saleById(shop.database.db, shop.sale.id);
  await expect(
    shop.update({
      name: "Other",
      items: [{ itemId: shop.ids[0], stock: 11 }],
      removeItemIds: [shop.ids[1]],
      addItems: [{ productId: shop.productId, priceCents: 500, stock: 90 }],
    }),
  ).rejects.toMatchObject({
    code: "INSUFFICIENT_STOCK",
    message: 'Main warehouse has 79 of "Lamp", 11 too few.',
  });
  expect(await saleById(shop.database.db, shop.sale.id)).toEqual({ ...before, serverTime: expect.any(String) });
  expect(await shop.stock()).toEqual([70]);
});

it("names the item of an unknown product or warehouse", async () => {
  await using shop = await setUp();
  const item = { priceCents: 500, stock: 1 };
  await expect(shop.update({ addItems: [{ ...item, productId: 999_999 }] })).rejects.toMatchObject({
    code: "NOT_FOUND",
    message: "addItems[0]: there is no product with the id 999999.",
  });
  await expect(shop.update({ addItems: [{ ...item, name: "x", warehouseId: 999_999 }] })).rejects.toMatchObject({
    code: "NOT_FOUND",
  });
});

it("orders the items of a sale that sells, and keeps what was sold of each", async () => {
  await using shop = await setUp({ startsInMs: -60_000 });
  const [one, two, three] = shop.ids;
  const userId = await makeBuyer(shop.database);
  const idempotencyKey = crypto.randomUUID();
  await settle(shop.database, [{ id: crypto.randomUUID(), userId, itemId: two, quantity: 2, idempotencyKey }]);
  const orders = [
    [three, one, two],
    [two, three, one],
    [one, two, three],
  ];
  for (const order of orders) {
    const { items } = await shop.update({ order: order.map((itemId) => ({ itemId })) });
    expect(items.map(({ id }) => id)).toEqual(order);
    expect(items.find(({ id }) => id === two)).toMatchObject({ allotted: 10, remaining: 8 });
  }
});

it("refuses to sell, restock or name an item that was taken out", async () => {
  await using shop = await setUp();
  const [one] = shop.ids;
  const sold = await shop.update({ removeItemIds: [one], startsAt: at(-60_000) });
  expect(sold.status).toBe("live");
  const userId = await makeBuyer(shop.database);
  const request = { id: crypto.randomUUID(), userId, itemId: one, quantity: 1, idempotencyKey: "k" };
  expect(await settle(shop.database, [request])).toMatchObject({
    results: [{ outcome: "refused", code: "OUT_OF_STOCK" }],
  });
  const more = { itemId: one, change: 1, reason: "more", idempotencyKey: "k" };
  await expect(adjustStock(shop.services, shop.operatorId, more)).rejects.toMatchObject({ code: "NOT_ALLOWED_NOW" });
  await expect(shop.update({ items: [{ itemId: one, name: "x" }] })).rejects.toMatchObject({ code: "NOT_FOUND" });
});

it("tells who saw an earlier line-up who changed it, also where what they ask for cannot be done any more", async () => {
  await using shop = await setUp();
  const [one] = shop.ids;
  await shop.update({ removeItemIds: [one], edits: 0 });
  for (const late of [{ items: [{ itemId: one, name: "x" }] }, { removeItemIds: [one] }]) {
    await expect(shop.update({ ...late, edits: 0 })).rejects.toMatchObject({ code: "CHANGED_MEANWHILE" });
  }
});

it("gives back what an item has that was added while the cancellation waited for the others", async () => {
  await using shop = await setUp();
  const [one] = shop.ids;
  await using holder = await hold(shop, `select from items where id = ${one} for update`);
  const added = shop.update({ addItems: [{ productId: shop.productId, priceCents: 500, stock: 40 }] });
  await eventually("it waits for the item", () => isWaitingForLock(shop.sql));
  const cancelled = cancelSale(shop.services, shop.operatorId, { saleId: shop.sale.id });
  await eventually("both wait for it", () => isWaitingForLock(shop.sql, 2));
  await holder.release();
  await Promise.all([added, cancelled]);
  expect(await shop.stock()).toEqual([100]);
});

it("takes units that a sale which is just over has left", async () => {
  await using shop = await setUp();
  const over = await createSale(shop.services, shop.operatorId, {
    name: "Over",
    startsAt: at(-2 * HOUR_MS),
    endsAt: at(HOUR_MS),
    items: [{ productId: shop.productId, priceCents: 500, stock: 70 }],
  });
  await shop.sql`update sales set ends_at = now() - interval '1 second' where id = ${over.id}`;
  await shop.update({ items: [{ itemId: shop.ids[0], stock: 50 }] });
  expect(await shop.stock()).toEqual([30]);
});

import { expect, it } from "vitest";
import type { PurchaseResult } from "../../shared/purchases.ts";
import type { Database } from "../database/database.ts";
import { reconcile } from "../operations/reconcile.ts";
import { PurchaseBatcher } from "../purchases/buy.ts";
import { eventually } from "../testing/eventually.ts";
import {
  MAIN_WAREHOUSE_ID,
  makeBuyer,
  makeBuyers,
  makeOperator,
  makeProducts,
  makeSale,
} from "../testing/factories.ts";
import { isWaitingForLock } from "../testing/is-waiting-for-lock.ts";
import { createTestDatabase, PATIENT } from "../testing/test-database.ts";
import { adjustStock } from "./adjust-stock.ts";
import { saleById } from "./by-id.ts";
import { cancelSale } from "./cancel.ts";
import { createSale } from "./create.ts";
import { recordingLiveSales } from "./live/live-sales.fixture.ts";
import { returnDueLeftovers, sweepLeftovers } from "./return-due-leftovers.ts";
import { returnLeftovers } from "./return-leftovers.ts";
import { updateSale } from "./update.ts";

const HOUR_MS = 3_600_000;

it("gives what is left back to the inventory in the moment in which a sale is cancelled, once", async () => {
  await using shop = await setUp();
  const { saleId, itemIds } = await makeSale(shop.database, [{ stock: 10 }, { stock: 5 }, { stock: 1 }]);
  await buy(shop.database, itemIds[0], 3);
  await buy(shop.database, itemIds[2], 1);
  await cancelSale(shop.services, shop.operator, { saleId });
  expect(await shop.stock(saleId)).toEqual({ items: ["3/0", "0/0", "1/0"], inventory: 12, returned: true });
  const [audited] =
    await shop.sql`select details -> 'returned' as returned from audit_log where action = 'sales.cancel'`;
  expect(audited?.returned).toMatchObject([
    { itemId: itemIds[0], units: 7 },
    { itemId: itemIds[1], units: 5 },
  ]);

  await cancelSale(shop.services, shop.operator, { saleId });
  await returnDueLeftovers(shop.services);
  expect(await shop.stock(saleId)).toMatchObject({ inventory: 12 });
  expect(await reconcile(shop.database)).toMatchObject({ ok: true });
});

it("gives back what sales that are over have left, once, however many processes notice at once", async () => {
  await using shop = await setUp();
  const made = [];
  for (let count = 0; count < 12; count++) {
    const { saleId, itemIds } = await makeSale(shop.database, [{ stock: 10 }, { stock: 5 }]);
    await buy(shop.database, itemIds[0], 4);
    made.push(saleId);
  }
  await shop.end(made);
  const others = await Promise.all([shop.open(), shop.open()]);
  await Promise.all(
    [shop.database, ...others, ...others].map((database) => returnDueLeftovers({ ...shop.services, database })),
  );
  for (const saleId of made) {
    expect(await shop.stock(saleId)).toEqual({ items: ["4/0", "0/0"], inventory: 11, returned: true });
  }
  expect(shop.services.liveSales.announced.toSorted((a, b) => a - b)).toEqual(made);
  const audited = await shop.sql`
    select subject, actor_kind, actor_id from audit_log where action = 'sales.returnLeftovers' order by subject
  `;
  expect(audited).toEqual(
    made.map((id) => ({ subject: `sale:${id}`, actor_kind: "system", actor_id: null })).sort(bySubject),
  );
  expect(await reconcile(shop.database)).toMatchObject({ ok: true });
});

it("leaves a sale alone that is not over, and marks one with nothing left", async () => {
  await using shop = await setUp();
  const live = await makeSale(shop.database, [{ stock: 10 }]);
  const scheduled = await makeSale(shop.database, [{ stock: 10 }], { startsInMs: HOUR_MS, endsInMs: 2 * HOUR_MS });
  const soldOut = await makeSale(shop.database, [{ stock: 1 }]);
  await buy(shop.database, soldOut.itemIds[0], 1);
  await shop.end([soldOut.saleId]);
  await returnDueLeftovers(shop.services);
  expect(await shop.stock(live.saleId)).toEqual({ items: ["10/10"], inventory: 0, returned: false });
  expect(await shop.stock(scheduled.saleId)).toEqual({ items: ["10/10"], inventory: 0, returned: false });
  expect(await shop.stock(soldOut.saleId)).toEqual({ items: ["1/0"], inventory: 0, returned: true });
  expect(shop.services.liveSales.announced).toEqual([]);
});

it("does nothing for a sale whose leftovers are back, not even to the time when they came", async () => {
  await using shop = await setUp();
  const { saleId } = await makeSale(shop.database, [{ stock: 10 }], { endsInMs: -1_000 });
  const times = [];
  for (let run = 0; run < 2; run++) {
    await shop.database.withTransaction((tx) => returnLeftovers(tx, [saleId], "wait"));
    times.push(await shop.sql`select leftovers_returned_at::text from sales where id = ${saleId}`);
  }
  expect(times[1]).toEqual(times[0]);
});

it("returns nothing of a sale that is extended while the return waits for it", async () => {
  await using shop = await setUp();
  const { saleId } = await makeSale(shop.database, [{ stock: 10 }, { stock: 10 }], { endsInMs: -1_000 });
  let returning: Promise<void> | undefined;
  await shop.sql.begin(async (sql) => {
    await sql`select from items where sale_id = ${saleId} order by id for update`;
    await sql`update sales set ends_at = now() + interval '1 hour' where id = ${saleId}`;
    returning = returnDueLeftovers(shop.services);
    await eventually("the return waits", () => isWaitingForLock(shop.sql));
  });
  await returning;
  expect(await shop.stock(saleId)).toEqual({ items: ["10/10", "10/10"], inventory: 0, returned: false });
});

it("waits for whoever still holds an item, and meanwhile returns what other sales have left", async () => {
  await using shop = await setUp();
  const held = await makeSale(shop.database, [{ stock: 10 }, { stock: 10 }], { endsInMs: -2_000 });
  const free = await makeSale(shop.database, [{ stock: 10 }], { endsInMs: -1_000 });
  let returning: Promise<void> | undefined;
  await shop.sql.begin(async (sql) => {
    await sql`select from items where id = ${held.itemIds[1] ?? 0} for update`;
    returning = returnDueLeftovers(shop.services);
    await eventually("the other one is done", async () => (await shop.stock(free.saleId)).returned);
    expect(await shop.stock(held.saleId)).toEqual({ items: ["10/10", "10/10"], inventory: 0, returned: false });
  });
  await returning;
  expect(await shop.stock(held.saleId)).toEqual({ items: ["0/0", "0/0"], inventory: 20, returned: true });
  expect(await reconcile(shop.database)).toMatchObject({ ok: true });
});

it("is not kept from the other sales by one that cannot be done", async () => {
  await using shop = await setUp();
  const broken = await makeSale(shop.database, [{ stock: 10 }], { endsInMs: -2_000 });
  const sound = await makeSale(shop.database, [{ stock: 10 }], { endsInMs: -1_000 });
  await shop.sql`update inventory set units = 2147483647
    where product_id = (select product_id from items where sale_id = ${broken.saleId})`;
  await expect(returnDueLeftovers(shop.services)).rejects.toThrow();
  expect(await shop.stock(broken.saleId)).toMatchObject({ items: ["10/10"], returned: false });
  expect(await shop.stock(sound.saleId)).toMatchObject({ items: ["0/0"], returned: true });
});

it("is over for good once its leftovers are back, whatever the clock says then", async () => {
  await using shop = await setUp();
  const { saleId, itemIds } = await makeSale(shop.database, [{ stock: 10 }], { endsInMs: -1_000 });
  await returnDueLeftovers(shop.services);
  // As if the database's clock had been set back.
  await shop.sql`update sales set ends_at = now() + interval '1 hour' where id = ${saleId}`;
  const later = new Date(Date.now() + 2 * HOUR_MS).toISOString();
  const input = { itemId: itemIds[0] ?? 0, change: 1, reason: "more", idempotencyKey: "k" };
  for (const change of [
    () => updateSale(shop.services, shop.operator, { saleId, endsAt: later }),
    () => adjustStock(shop.services, shop.operator, input),
    () => cancelSale(shop.services, shop.operator, { saleId }),
  ]) {
    await expect(change()).rejects.toMatchObject({
      code: "NOT_ALLOWED_NOW",
      message: expect.stringContaining("is over"),
    });
  }
  expect(await buy(shop.database, itemIds[0], 1)).toMatchObject({ code: "OUT_OF_STOCK" });
});

it("lets the next sale have what one that has just ended left over", async () => {
  await using shop = await setUp();
  const [productId = 0] = await makeProducts(shop.database, [{ units: 10 }]);
  const plan = () => createSale(shop.services, shop.operator, saleOf([{ productId, priceCents: 100, stock: 10 }]));
  const first = await plan();
  await expect(plan()).rejects.toMatchObject({ code: "INSUFFICIENT_STOCK" });
  await shop.end([first.id]);
  expect(await plan()).toMatchObject({ items: [{ remaining: 10 }] });
  expect(await saleById(shop.database.db, first.id)).toMatchObject({ items: [{ allotted: 0, remaining: 0 }] });
  expect(await reconcile(shop.database)).toMatchObject({ ok: true });
});

it("sells and returns each unit once when a sale ends under a crowd, and one is cancelled under it", async () => {
  await using shop = await setUp({ poolSize: 8 });
  const products = await makeProducts(shop.database, [{ units: 3_000 }, { units: 3_000 }, { units: 3_000 }]);
  const other = await shop.open();
  const batchers = [shop.database, other].map((database) => new PurchaseBatcher(database, { batchMax: 3 }));
  const buyers = await makeBuyers(shop.database, 24);
  let sold = 0;
  for (let round = 0; round < 4; round++) {
    const items = products.map((productId) => ({ productId, priceCents: 1, stock: 1_000 }));
    const sale = await createSale(shop.services, shop.operator, saleOf(items, HOUR_MS));
    const over = () =>
      round % 2 ? cancelSale(shop.services, shop.operator, { saleId: sale.id }) : shop.end([sale.id]);
    let isOver = false;
    const sweeping = Promise.all([shop.database, other].map((database) => sweepUntil(database, () => isOver)));
    const crowd = buyers.map(async (userId, index) => {
      let bought = 0;
      for (let turn = 0; ; turn++) {
        const itemId = sale.items[(index + turn) % items.length]?.id ?? 0;
        const result = await batchers[index % 2]?.buy({ userId, itemId, quantity: 1, idempotencyKey: newKey() });
        if (result?.outcome === "purchased") bought++;
        else if (result?.code === "SALE_ENDED" || result?.code === "SALE_CANCELLED") return bought;
        else throw new Error(`refused with ${result?.code}`);
        if (index === 0 && turn === 5) await over();
      }
    });
    const bought = await Promise.all(crowd).finally(() => {
      isOver = true;
    });
    await sweeping;
    const boughtNow = bought.reduce((sum, units) => sum + units);
    await returnDueLeftovers(shop.services);
    sold += boughtNow;
    expect(boughtNow).toBeGreaterThan(0);
    const [left] = await shop.sql`select sum(units)::int as units from inventory`;
    expect(left?.units).toBe(9_000 - sold);
    expect(await saleById(shop.database.db, sale.id)).toMatchObject({ items: items.map(() => ({ remaining: 0 })) });
    expect(await reconcile(shop.database)).toMatchObject({ ok: true });
  }
});

it("looks for sales that are over at once and again and again, tells once of an error that comes again and again, and stops", async () => {
  await using shop = await setUp();
  const errors: unknown[] = [];
  const broken = { ...shop.services, database: { ...shop.database, db: {} } as unknown as Database };
  const failing = sweepLeftovers(broken, { onError: (error) => errors.push(error), everyMs: 1 });
  const first = await makeSale(shop.database, [{ stock: 10 }], { endsInMs: -1_000 });
  const sweep = sweepLeftovers(shop.services, { onError: (error) => errors.push(error), everyMs: 1 });
  await eventually("the first is done", async () => (await shop.stock(first.saleId)).returned);
  const second = await makeSale(shop.database, [{ stock: 10 }], { endsInMs: -1_000 });
  await eventually("the second is done", async () => (await shop.stock(second.saleId)).returned);
  await Promise.all([sweep.close(), failing.close()]);
  expect(errors).toHaveLength(1);
  const third = await makeSale(shop.database, [{ stock: 10 }], { endsInMs: -1_000 });
  expect(await shop.stock(third.saleId)).toMatchObject({ returned: false });
});

async function setUp(options: Parameters<typeof createTestDatabase>[0] = {}) {
  const test = await createTestDatabase({ ...PATIENT, ...options });
  const operator = await makeOperator(test.database);
  return {
    ...test,
    operator,
    services: { database: test.database, liveSales: recordingLiveSales() },
    /** Under the locks of its items, as every change of a sale: else a purchase that read the sale before is decided after. */
    end: (saleIds: number[]) =>
      test.sql.begin(async (sql) => {
        await sql`select from items where sale_id = any(${saleIds}) order by id for update`;
        await sql`update sales set ends_at = clock_timestamp() where id = any(${saleIds})`;
      }),
    /** Of each item allotted/remaining; of all its products, what is in the inventory. */
    async stock(saleId: number) {
      const rows = await test.sql`select allotted || '/' || remaining as stock from items
        where sale_id = ${saleId} order by id`;
      const [inventory] = await test.sql`select sum(units)::int as units from inventory
        where warehouse_id = ${MAIN_WAREHOUSE_ID} and product_id in (select product_id from items where sale_id = ${saleId})`;
      const [sale] =
        await test.sql`select leftovers_returned_at is not null as returned from sales where id = ${saleId}`;
      return { items: rows.map((row) => row.stock), inventory: inventory?.units, returned: sale?.returned };
    },
  };
}

function saleOf(items: Parameters<typeof createSale>[2]["items"], endsInMs = HOUR_MS) {
  const now = Date.now();
  return {
    name: "A sale",
    startsAt: new Date(now - 60_000).toISOString(),
    endsAt: new Date(now + endsInMs).toISOString(),
    items,
  };
}

async function buy(database: Database, itemId = 0, quantity = 1): Promise<PurchaseResult> {
  const userId = await makeBuyer(database);
  return new PurchaseBatcher(database).buy({ userId, itemId, quantity, idempotencyKey: newKey() });
}

async function sweepUntil(database: Database, isOver: () => boolean): Promise<void> {
  const services = { database, liveSales: recordingLiveSales() };
  while (!isOver()) await returnDueLeftovers(services);
}

function newKey(): string {
  return crypto.randomUUID();
}

function bySubject(a: { subject: string }, b: { subject: string }): number {
  return a.subject < b.subject ? -1 : 1;
}

import { expect, it } from "vitest";
import type { Sale } from "../../shared/sales.ts";
import { reconcile } from "../operations/reconcile.ts";
import { settle } from "../purchases/settle.ts";
import { makeBuyer, makeOperator, makeSale } from "../testing/factories.ts";
import { createTestDatabase } from "../testing/test-database.ts";
import { cancelSale } from "./cancel.ts";
import { recordingLiveSales } from "./live/live-sales.fixture.ts";
import { pauseSale } from "./pause.ts";
import { resumeSale } from "./resume.ts";
import { updateSale } from "./update.ts";

const HOUR_MS = 3_600_000;
const SCHEDULED = { startsInMs: HOUR_MS, endsInMs: 2 * HOUR_MS };
const LIVE = { startsInMs: -HOUR_MS, endsInMs: HOUR_MS };
const ENDED = { startsInMs: -2 * HOUR_MS, endsInMs: -HOUR_MS };

async function setUp(window = LIVE) {
  const test = await createTestDatabase();
  const services = { database: test.database, liveSales: recordingLiveSales() };
  const operatorId = await makeOperator(test.database);
  const made = await makeSale(test.database, [{ stock: 10 }, { stock: 20, limitPerCustomer: 2 }], window);
  const buy = async () => {
    const userId = await makeBuyer(test.database);
    const itemId = made.itemIds[0] ?? 0;
    const { results } = await settle(test.database, [
      { id: crypto.randomUUID(), userId, itemId, quantity: 1, idempotencyKey: crypto.randomUUID() },
    ]);
    const [result] = results;
    return result?.outcome === "refused" ? result.code : result?.outcome;
  };
  return {
    ...test,
    ...made,
    buy,
    services,
    operatorId,
    pause: () => pauseSale(services, operatorId, { saleId: made.saleId }),
    resume: () => resumeSale(services, operatorId, { saleId: made.saleId }),
    cancel: () => cancelSale(services, operatorId, { saleId: made.saleId }),
    audited: async () => (await test.sql`select action from audit_log order by id`).map((row) => row.action),
  };
}

it("sells nothing from the pause on until it is resumed", async () => {
  await using shop = await setUp();
  expect(await shop.buy()).toBe("purchased");
  expect(await shop.pause()).toMatchObject({ status: "paused", version: 2 });
  expect(await shop.buy()).toBe("SALE_PAUSED");
  expect(await shop.resume()).toMatchObject({ status: "live", version: 3 });
  expect(await shop.buy()).toBe("purchased");

  expect(await shop.sql`select resumed_at >= paused_at as over from sale_pauses`).toEqual([{ over: true }]);
  expect(await shop.audited()).toEqual(["sales.pause", "sales.resume"]);
  expect(shop.services.liveSales.announced).toEqual([shop.saleId, shop.saleId]);
  expect(await reconcile(shop.database)).toMatchObject({ ok: true });
});

it("pauses once, however many operators do it at once", async () => {
  await using shop = await setUp();
  const answers = await Promise.all(Array.from({ length: 8 }, () => shop.pause()));
  expect(new Set(answers.map((sale) => sale.version))).toEqual(new Set([1]));
  expect(await shop.audited()).toEqual(["sales.pause"]);
  const resumed = await Promise.all(Array.from({ length: 8 }, () => shop.resume()));
  expect(new Set(resumed.map((sale) => sale.version))).toEqual(new Set([2]));
  expect(await shop.sql`select count(*)::int as pauses from sale_pauses`).toEqual([{ pauses: 1 }]);
});

it("sells nothing once it is cancelled, for good", async () => {
  for (const first of ["live", "paused", "scheduled"] as const) {
    await using shop = await setUp(first === "scheduled" ? SCHEDULED : LIVE);
    if (first === "paused") await shop.pause();
    const cancelled = await shop.cancel();
    expect(cancelled.status).toBe("cancelled");
    expect(await shop.cancel()).toEqual({ ...cancelled, serverTime: expect.any(String) });
    expect(await shop.buy()).toBe("SALE_CANCELLED");
    await expect(shop.resume()).rejects.toMatchObject({ code: "NOT_ALLOWED_NOW" });
    await expect(shop.pause()).rejects.toMatchObject({ code: "NOT_ALLOWED_NOW" });
    expect((await shop.audited()).filter((action) => action === "sales.cancel")).toHaveLength(1);
  }
});

it("refuses what makes no sense before the start and after the end, and changes nothing", async () => {
  await using scheduled = await setUp(SCHEDULED);
  await using ended = await setUp(ENDED);
  for (const attempt of [scheduled.pause, scheduled.resume, ended.pause, ended.resume, ended.cancel]) {
    await expect(attempt()).rejects.toMatchObject({ code: "NOT_ALLOWED_NOW" });
  }
  for (const shop of [scheduled, ended]) {
    expect(await shop.audited()).toEqual([]);
    expect(await shop.sql`select version::int from sales`).toEqual([{ version: 0 }]);
    expect(shop.services.liveSales.announced).toEqual([]);
  }
});

it("knows no sale that is not there", async () => {
  await using shop = await setUp();
  const unknown = 4_711;
  await expect(pauseSale(shop.services, shop.operatorId, { saleId: unknown })).rejects.toMatchObject({
    code: "NOT_FOUND",
  });
  await expect(updateSale(shop.services, shop.operatorId, { saleId: unknown })).rejects.toMatchObject({
    code: "NOT_FOUND",
  });
});

it("updates a sale and several of its items together", async () => {
  await using shop = await setUp(SCHEDULED);
  const [first = 0, second = 0] = shop.itemIds;
  const endsAt = new Date(Date.now() + 5 * HOUR_MS).toISOString();
  const sale = await updateSale(shop.services, shop.operatorId, {
    saleId: shop.saleId,
    name: "Another name",
    endsAt,
    items: [
      { itemId: second, limitPerCustomer: null, imageUrl: "/images/lamp.svg" },
      { itemId: first, name: 'It\'s, {a} "name"', description: "NULL", priceCents: 1, limitPerCustomer: 5 },
    ],
  });
  expect(sale).toMatchObject({ name: "Another name", endsAt, version: 1, status: "scheduled" });
  expect(sale.items).toMatchObject([
    {
      name: 'It\'s, {a} "name"',
      description: "NULL",
      imageUrl: null,
      priceCents: 1,
      limitPerCustomer: 5,
      remaining: 10,
    },
    { name: "Item 1", imageUrl: "/images/lamp.svg", priceCents: 1_000, limitPerCustomer: null, remaining: 20 },
  ]);
  expect(await shop.audited()).toEqual(["sales.update"]);
});

it("changes nothing at all when one part of an update is not allowed", async () => {
  await using shop = await setUp();
  const [first = 0] = shop.itemIds;
  const attempt = updateSale(shop.services, shop.operatorId, {
    saleId: shop.saleId,
    name: "Another name",
    items: [{ itemId: first, name: "Allowed", priceCents: 1 }],
  });
  await expect(attempt).rejects.toMatchObject({ code: "NOT_ALLOWED_NOW" });
  expect(await shop.sql`select name, version::int from sales`).toEqual([{ name: "A sale", version: 0 }]);
  expect(await shop.audited()).toEqual([]);
});

it("keeps the version when nothing changes", async () => {
  await using shop = await setUp();
  const sale = await updateSale(shop.services, shop.operatorId, { saleId: shop.saleId, name: "A sale" });
  expect(sale.version).toBe(0);
  expect(await shop.audited()).toEqual([]);
  expect(shop.services.liveSales.announced).toEqual([]);
});

it("gives each of many changes at once a version of its own, and stores no sale inside a pause", async () => {
  await using shop = await setUp();
  const versions: number[] = [];
  const keep = (sale: Sale) => void versions.push(sale.version);
  const outcomes: unknown[] = [];
  await Promise.all([
    ...Array.from({ length: 10 }, async () => outcomes.push(await shop.buy())),
    ...Array.from({ length: 10 }, (_, index) =>
      updateSale(shop.services, shop.operatorId, { saleId: shop.saleId, name: `Name ${index}` }).then(keep),
    ),
    shop.pause().then(shop.resume).then(keep),
    shop.pause().then(shop.resume).then(keep),
  ]);
  expect(outcomes.filter((outcome) => outcome !== "purchased" && outcome !== "SALE_PAUSED")).toEqual([]);
  expect(
    await shop.sql`select count(*) filter (where action = 'sales.update')::int as updates,
    count(*)::int = max(sales.version)::int as one_each from audit_log, sales`,
  ).toEqual([{ updates: 10, one_each: true }]);
  expect(await reconcile(shop.database)).toMatchObject({ ok: true });
});

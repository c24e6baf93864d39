import { expect, it } from "vitest";
import { type SummaryFilter, summaryFilterSchema } from "../../shared/record.ts";
import { signedInBuyer, signedInOperator, startTestApp } from "../app/app.fixture.ts";
import { reconcile } from "../operations/reconcile.ts";
import { makeBuyer, makeProducts, makeSale } from "../testing/factories.ts";
import { createTestDatabase } from "../testing/test-database.ts";
import { summarise } from "./summary.ts";

/** Whatever day it is where the test runs. */
const ALWAYS = () => {
  const day = (ms: number) => new Date(Date.now() + ms).toISOString().slice(0, 10);
  return { first: day(-48 * 3_600_000), last: day(48 * 3_600_000), zone: "UTC" };
};

it("adds up to the ledger, by day and by item, and the ledger adds up", async () => {
  await using test = await createTestDatabase();
  await using app = await startTestApp(test);
  const { saleId, itemIds } = await makeSale(test.database, [{ stock: 10, priceCents: 700 }, { stock: 9 }]);
  const products = await makeProducts(test.database, [
    { name: "Lamp", units: 9, priceCents: 300 },
    { name: "Cup", units: 9, priceCents: 50 },
  ]);
  const buyer = await signedInBuyer(test, { balanceCents: 50_000 });
  const { token } = await signedInOperator(test);
  const bought = [];
  for (const [n, itemId] of [...itemIds, ...itemIds].entries()) {
    const input = { itemId, quantity: n + 1, idempotencyKey: `p${n}` };
    bought.push((await app.mutate("purchases.buy", input, buyer.token)).body.result.data);
  }
  const orderIds = [];
  for (const key of ["a", "b"]) {
    // A product may be in several lines.
    const lines = [products[0], products[1], products[1]].map((productId) => ({ productId, quantity: 1 }));
    const answer = await app.mutate("orders.place", { lines, idempotencyKey: key }, buyer.token);
    orderIds.push(answer.body.result.data.order.orderId);
  }
  await app.mutate("purchases.refund", { purchaseId: bought[2].purchaseId, idempotencyKey: "r" }, token);
  await app.mutate("orders.refund", { orderId: orderIds[0], idempotencyKey: "r" }, token);
  await app.mutate("wallets.topUp", { amountCents: 11, idempotencyKey: "t" }, buyer.token);
  const credit = { userId: buyer.id, amountCents: 7, reason: "Sorry", idempotencyKey: "c" };
  await app.mutate("wallets.credit", credit, token);

  const summary = await summarise(test.database, ALWAYS());
  // 1 and 3 of the first item, 2 and 4 of the second; 1 lamp and 2 cups twice.
  expect(summary.items).toMatchObject([
    {
      saleId,
      saleStartsAt: expect.stringMatching(/^\d{4}-.*Z$/),
      itemId: itemIds[0],
      sold: { count: 2, units: 4, cents: 2_800 },
      refunded: { count: 1, units: 3, cents: 2_100 },
    },
    { saleId, itemId: itemIds[1], sold: { count: 2, units: 6, cents: 6_000 }, refunded: { count: 0 }, netCents: 6_000 },
    { saleId: null, productId: products[0], name: "Lamp", sold: { count: 2, units: 2, cents: 600 }, netCents: 300 },
    {
      saleId: null,
      productId: products[1],
      name: "Cup",
      sold: { count: 2, units: 4, cents: 200 },
      refunded: { count: 1, cents: 100 },
    },
  ]);
  // Of four purchases and two orders, one of each came back.
  expect(summary.total).toMatchObject({ sold: { count: 6 }, refunded: { count: 2 } });
  expect(summary.total).toMatchObject({ openingCents: 50_000, topUpCents: 11, creditCents: 7 });

  const [ledger] = await test.sql`
    select
      sum(amount_cents) filter (where to_account = 'revenue')::int as sold,
      sum(amount_cents) filter (where from_account = 'revenue')::int as refunded,
      sum(amount_cents) filter (where from_account = 'funding')::int as funded,
      (select sum(balance_cents)::int from wallets) as balances
    from movements`;
  const { total } = summary;
  expect([total.sold.cents, total.refunded.cents]).toEqual([ledger?.sold, ledger?.refunded]);
  expect(total.netCents).toBe(ledger?.sold - ledger?.refunded);
  expect(total.openingCents + total.topUpCents + total.creditCents).toBe(ledger?.funded);
  // What came in and was not earned is what is in the wallets, which `reconcile` holds against the movements.
  expect(ledger?.funded - total.netCents).toBe(ledger?.balances);
  for (const of of [summary.days, summary.items] as const) {
    expect(of.reduce((sum, { sold }) => sum + sold.cents, 0)).toBe(total.sold.cents);
    expect(of.reduce((sum, { netCents }) => sum + netCents, 0)).toBe(total.netCents);
  }
  expect((await reconcile(test.database)).ok).toBe(true);

  const ofSale = await summarise(test.database, { ...ALWAYS(), saleId });
  expect(ofSale.items).toEqual(summary.items.slice(0, 2));
  expect(ofSale.total).toMatchObject({ netCents: 6_700, openingCents: 0 });

  const query = new URLSearchParams({ ...ALWAYS(), bom: "1" });
  const file = await app.send(`/api/exports/summary-by-item.csv?${query}`, { token });
  expect(file.text.split("\r\n")[1]).toBe(
    `${saleId},A sale,${itemIds[0]},1,Item 0,2,4,28.00,2800,1,3,21.00,2100,7.00,700,EUR`,
  );
});

it("counts what was decided to the day of the time zone, also where a day has 23 hours", async () => {
  await using test = await createTestDatabase();
  const userId = await makeBuyer(test.database, { balanceCents: 0 });
  const itemId = (await makeSale(test.database, [{ stock: 9 }])).itemIds[0] ?? 0;
  // The clocks of Berlin went forward on 29 March 2026, from 2 to 3 o'clock.
  const times = ["2026-03-28T22:59:59Z", "2026-03-28T23:00:00Z", "2026-03-29T21:59:59Z", "2026-03-29T22:00:00Z"];
  for (const [n, at] of times.entries()) {
    const id = `${Date.parse(at)
      .toString(16)
      .padStart(12, "0")
      .replace(/(.{8})/, "$1-")}-7000-8000-000000000000`;
    await test.sql`
      insert into purchase_attempts
        (id, user_id, item_id, quantity, idempotency_key, amount_cents, balance_after_cents, remaining_after, position, decided_at)
      values (${id}, ${userId}, ${itemId}, 1, gen_random_uuid(), 100, 0, 0, ${n + 1}, ${at})`;
  }
  const berlin = { first: "2026-03-29", last: "2026-03-29", zone: "Europe/Berlin" };
  expect(await summarise(test.database, berlin)).toMatchObject({
    days: [{ day: "2026-03-29", sold: { count: 2 } }],
    total: { sold: { count: 2, cents: 200 } },
  });
  const { days } = await summarise(test.database, { ...berlin, first: "2026-03-28", last: "2026-03-30" });
  expect(days.map(({ day, sold }) => [day, sold.count])).toEqual([
    ["2026-03-28", 1],
    ["2026-03-29", 2],
    ["2026-03-30", 1],
  ]);
  // What came back counts on its own day, not on that of its purchase.
  await test.sql`
    insert into refunds (id, purchase_id, user_id, item_id, quantity, amount_cents, balance_after_cents, remaining_after,
      idempotency_key, fingerprint, refunded_at)
    select gen_random_uuid(), id, user_id, item_id, quantity, amount_cents, 100, 1, 'r', '', '2026-03-30T22:00:00Z'
    from purchase_attempts where position = 1`;
  const later = await summarise(test.database, { ...berlin, last: "2026-03-31" });
  expect(later.days.map(({ day, netCents }) => [day, netCents])).toEqual([
    ["2026-03-29", 200],
    ["2026-03-30", 100],
    ["2026-03-31", -100],
  ]);
  const utc = await summarise(test.database, { first: "2026-03-28", last: "2026-03-29", zone: "UTC" });
  expect(utc.days.map(({ sold }) => sold.count)).toEqual([2, 2]);
});

it("takes time zones by their names, and 366 days at most", () => {
  const fine = { first: "2026-01-01", last: "2026-12-31", zone: "America/Argentina/Buenos_Aires" };
  expect(summaryFilterSchema.parse(fine)).toEqual(fine satisfies SummaryFilter);
  expect(summaryFilterSchema.parse({ first: "2026-01-01", last: "2026-01-01" }).zone).toBe("UTC");
  for (const wrong of [
    { ...fine, zone: "+01:00" },
    { ...fine, zone: "Mars/Olympus" },
    { ...fine, last: "2027-01-02" },
    { ...fine, last: "2025-12-31" },
    { ...fine, first: "2026-02-30" },
    { ...fine, first: "yesterday" },
  ])
    expect(summaryFilterSchema.safeParse(wrong).success, JSON.stringify(wrong)).toBe(false);
});

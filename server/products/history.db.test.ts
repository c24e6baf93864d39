import { expect, it } from "vitest";
import { signedInOperator, startTestApp } from "../app/app.fixture.ts";
import { makeProducts } from "../testing/factories.ts";
import { planOf } from "../testing/plan-of.ts";
import { createTestDatabase } from "../testing/test-database.ts";
import { productHistory } from "./history.ts";

it("shows what came in, what went to sales and what was changed, by whom and when, newest first, each once", async () => {
  await using test = await createTestDatabase();
  await using app = await startTestApp(test);
  const operator = await signedInOperator(test);
  const act = async (path: string, input: object) => {
    const answer = await app.mutate(path, input, operator.token);
    expect(answer.status, answer.text).toBe(200);
    return answer.body.result.data;
  };
  const { id: productId } = await act("products.create", { name: "Lamp", priceCents: 100 });
  const [other] = await makeProducts(test.database, [{ name: "Desk", units: 5 }]);
  await act("products.receive", { productId, units: 10, reason: "Pallet 7", idempotencyKey: "a" });
  await act("products.update", { productId, priceCents: 200, reason: "Dearer now" });
  const sale = await act("sales.create", {
    name: "Friday",
    startsAt: "2026-01-01T00:00:00Z",
    endsAt: "2030-01-01T00:00:00Z",
    items: [
      { productId, priceCents: 1, stock: 6 },
      { productId: other, priceCents: 1, stock: 1 },
    ],
  });
  await act("sales.adjustStock", { itemId: sale.items[0].id, change: -2, reason: "too many", idempotencyKey: "b" });

  const events: object[] = [];
  for (let cursor: string | null = null; ; ) {
    const page: { items: object[]; nextCursor: string | null } = (
      await app.query("products.history", { productId, limit: 2, cursor }, operator.token)
    ).body.result.data;
    events.push(...page.items);
    cursor = page.nextCursor;
    if (cursor === null) break;
  }
  const by = { actor: { id: operator.id, name: expect.any(String) }, at: expect.stringMatching(/^\d{4}-.*Z$/) };
  const ofSale = { ...by, kind: "adjusted", saleId: sale.id, saleName: "Friday", warehouseName: expect.any(String) };
  expect(events).toEqual([
    { ...ofSale, change: -2, reason: "too many" },
    { ...ofSale, change: 6, reason: expect.any(String) },
    {
      ...by,
      kind: "changed",
      action: "products.update",
      details: { before: { priceCents: 100 }, after: { priceCents: 200 }, reason: "Dearer now" },
    },
    { ...by, kind: "received", warehouseName: expect.any(String), units: 10, unitsAfter: 10, reason: "Pallet 7" },
    { ...by, kind: "changed", action: "products.create", details: expect.objectContaining({ name: "Lamp" }) },
  ]);

  const { items } = (await app.query("sales.ofProduct", { productId }, operator.token)).body.result.data;
  expect(items).toEqual([
    {
      ...{ saleId: sale.id, saleName: "Friday", status: "live", startsAt: sale.startsAt, endsAt: sale.endsAt },
      ...{ itemId: sale.items[0].id, itemName: "Lamp", priceCents: 1, allotted: 4, remaining: 4 },
    },
  ]);
});

it("reads the rows of one product, and not those of all", async () => {
  await using test = await createTestDatabase();
  await test.sql`
    insert into products (name, price_cents) select 'P' || n, 1 from generate_series(1, 5000) as n`;
  await test.sql`
    insert into sales (name, starts_at, ends_at) select 'S', now(), now() + interval '1 hour' from generate_series(1, 100)`;
  await test.sql`
    insert into items (sale_id, product_id, warehouse_id, ordinal, name, price_cents, allotted, remaining)
    select sales.id, products.id, 1, products.id, 'I', 1, 1, 1 from sales join products on products.id % 100 = sales.id % 100`;
  await test.sql`
    insert into stock_adjustments (id, item_id, change, allotted_after, remaining_after, reason, idempotency_key, fingerprint, adjusted_at)
    select gen_random_uuid(), id, 1, 1, 1, '', id, '', now() from items`;
  await test.sql`
    insert into receipts (id, warehouse_id, product_id, units, reason, idempotency_key, fingerprint, received_at)
    select gen_random_uuid(), 1, id, 1, '', id, '', now() from products`;
  await test.sql`
    insert into audit_log (occurred_at, actor_kind, action, subject, outcome)
    select now(), 'system', 'products.update', 'product:' || id, 'success' from products`;
  for (const table of ["products", "items", "stock_adjustments", "receipts", "audit_log"])
    await test.sql.unsafe(`analyze ${table}`);
  const plan = await planOf(test, "receipts", () => productHistory(test.database, { productId: 7, limit: 20 }));
  for (const index of [
    "receipts_by_product",
    "items_by_product",
    "stock_adjustments_by_item",
    "audit_log_by_subject",
  ]) {
    expect(plan).toContain(index);
  }
  expect(plan).not.toMatch(/Seq Scan on (receipts|items|stock_adjustments|audit_log)/);
});

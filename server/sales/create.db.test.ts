import { expect, it } from "vitest";
import type { CreateSaleInput } from "../../shared/sales.ts";
import { reconcile } from "../operations/reconcile.ts";
import { eventually } from "../testing/eventually.ts";
import { makeOperator, makeProducts } from "../testing/factories.ts";
import { isWaitingForLock } from "../testing/is-waiting-for-lock.ts";
import { createTestDatabase } from "../testing/test-database.ts";
import { saleById } from "./by-id.ts";
import { createSale } from "./create.ts";
import { recordingLiveSales } from "./live/live-sales.fixture.ts";

const HOUR_MS = 3_600_000;

function inputWith(
  items: CreateSaleInput["items"],
  { startsInMs = -HOUR_MS, endsInMs = HOUR_MS } = {},
): CreateSaleInput {
  return {
    name: "A sale",
    startsAt: new Date(Date.now() + startsInMs).toISOString(),
    endsAt: new Date(Date.now() + endsInMs).toISOString(),
    items,
  };
}

it("makes a sale with its items in the order given, their products and their first allotment", async () => {
  await using test = await createTestDatabase();
  const services = { database: test.database, liveSales: recordingLiveSales() };
  const operatorId = await makeOperator(test.database);
  const names = Array.from({ length: 50 }, (_, index) => `Item ${(index * 7) % 50}`);
  const sale = await createSale(
    services,
    operatorId,
    inputWith(names.map((name, index) => ({ name, description: `d ${name}`, priceCents: 100 + index, stock: index }))),
  );

  expect(sale.items.map((item) => item.name)).toEqual(names);
  expect(sale.items.map((item) => item.remaining)).toEqual(names.map((_, index) => index));
  expect(sale).toMatchObject({ status: "live", currency: "EUR", version: 0 });
  expect(await saleById(test.database.db, sale.id)).toEqual({ ...sale, serverTime: expect.any(String) });
  const products = await test.sql`
    select products.name = items.name and products.description = items.description as same
    from items join products on products.id = items.product_id
  `;
  expect(products.map((row) => row.same)).toEqual(names.map(() => true));
  expect(await test.sql`select actor_id, action, subject, outcome from audit_log`).toEqual([
    { actor_id: operatorId, action: "sales.create", subject: `sale:${sale.id}`, outcome: "success" },
  ]);
  expect(services.liveSales.announced).toEqual([sale.id]);
  expect(await reconcile(test.database)).toMatchObject({ ok: true });
});

it("takes from a known product what the item does not say itself", async () => {
  await using test = await createTestDatabase();
  const services = { database: test.database, liveSales: recordingLiveSales() };
  const operatorId = await makeOperator(test.database);
  const first = await createSale(
    services,
    operatorId,
    inputWith([{ name: "Lamp", description: "Bright", imageUrl: "/images/lamp.svg", priceCents: 100, stock: 1 }]),
  );
  const productId = first.items[0]?.productId ?? 0;

  const items = [
    { name: "New", priceCents: 100, stock: 1 },
    { productId, priceCents: 100, stock: 1, limitPerCustomer: 2 },
    { productId, name: "Lamp in red", imageUrl: null, priceCents: 100, stock: 0 },
  ];
  const second = await createSale(services, operatorId, { ...inputWith(items), limitPerCustomer: 3 });
  expect([first.limitPerCustomer, second.limitPerCustomer]).toEqual([null, 3]);
  expect(second.items).toMatchObject([
    { name: "New", description: "", imageUrl: null, limitPerCustomer: null },
    { productId, name: "Lamp", description: "Bright", imageUrl: "/images/lamp.svg", limitPerCustomer: 2 },
    { productId, name: "Lamp in red", description: "Bright", imageUrl: null, remaining: 0 },
  ]);
  expect(second.items[0]?.productId).not.toBe(productId);
  expect(await reconcile(test.database)).toMatchObject({ ok: true });
});

it("leaves nothing behind when it is refused", async () => {
  await using test = await createTestDatabase();
  const services = { database: test.database, liveSales: recordingLiveSales() };
  const operatorId = await makeOperator(test.database);
  const items = [
    { name: "New", priceCents: 100, stock: 1 },
    { productId: 4_711, priceCents: 100, stock: 1 },
  ];
  await expect(createSale(services, operatorId, inputWith(items))).rejects.toMatchObject({
    code: "NOT_FOUND",
    message: expect.stringContaining("items[1]"),
  });
  const left = await test.sql`
    select (select count(*) from products) + (select count(*) from sales) + (select count(*) from items)
      + (select count(*) from audit_log) as rows
  `;
  expect(Number(left[0]?.rows)).toBe(0);
  expect(services.liveSales.announced).toEqual([]);
});

it("makes no sale that was over by the time its units could be taken", async () => {
  await using test = await createTestDatabase();
  const services = { database: test.database, liveSales: recordingLiveSales() };
  const operatorId = await makeOperator(test.database);
  const [productId] = await makeProducts(test.database, [{ units: 5 }]);
  const input = inputWith([{ productId, priceCents: 100, stock: 5 }], { endsInMs: 500 });
  const made = await test.sql.begin(async (holder) => {
    await holder`select from inventory where product_id = ${productId ?? 0} for update`;
    let isRefused = false;
    const waiting = createSale(services, operatorId, input).catch((error: unknown) => {
      isRefused = true;
      return error;
    });
    await eventually(
      "the sale waits for its units, or came too late for that",
      async () => isRefused || isWaitingForLock(test.sql),
    );
    await holder`select pg_sleep(greatest(0, extract(epoch from ${input.endsAt}::timestamptz - clock_timestamp()) + 0.01))`;
    return { waiting };
  });
  expect(await made.waiting).toMatchObject({ code: "INVALID_INPUT", message: expect.stringContaining("endsAt") });
  expect(await test.sql`select units from inventory where product_id = ${productId ?? 0}`).toEqual([{ units: 5 }]);
  expect(await reconcile(test.database)).toMatchObject({ ok: true });
});

it("makes one sale for a key that is sent twenty times at once, and answers it later too, whatever became of its units", async () => {
  await using test = await createTestDatabase();
  const services = { database: test.database, liveSales: recordingLiveSales() };
  const operatorId = await makeOperator(test.database);
  const [productId] = await makeProducts(test.database, [{ units: 30 }]);
  const items = [
    { productId, priceCents: 100, stock: 30 },
    { name: "New", priceCents: 100, stock: 1 },
  ];
  const input = { ...inputWith(items), idempotencyKey: "friday" };
  const answers = await Promise.all(Array.from({ length: 20 }, () => createSale(services, operatorId, input)));
  expect(new Set(answers.map(({ id }) => id)).size).toBe(1);
  // The inventory has none left, so that a second sale would be refused.
  const again = await createSale(services, operatorId, input);
  expect(again).toEqual({ ...answers[0], serverTime: again.serverTime });
  expect(
    await test.sql`
      select (select count(*)::int from sales) as sales, (select count(*)::int from products) as products,
        (select count(*)::int from audit_log where action = 'sales.create') as entries
    `,
  ).toEqual([{ sales: 1, products: 2, entries: 1 }]);

  const other = createSale(services, operatorId, { ...input, name: "Another sale" });
  await expect(other).rejects.toMatchObject({
    code: "KEY_REUSED",
    message: expect.stringContaining(`(sale ${again.id})`),
  });
  // A key is its operator's own, and whoever gives none plans another sale each time.
  const small = { ...input, items: [{ name: "Other", priceCents: 100, stock: 1 }] };
  const others = [
    await createSale(services, await makeOperator(test.database), small),
    await createSale(services, operatorId, { ...small, idempotencyKey: undefined }),
    await createSale(services, operatorId, { ...small, idempotencyKey: undefined }),
  ];
  expect(new Set([again, ...others].map(({ id }) => id)).size).toBe(4);
  expect(await reconcile(test.database)).toMatchObject({ ok: true });
});

it("leaves the key of a refused sale free", async () => {
  await using test = await createTestDatabase();
  const services = { database: test.database, liveSales: recordingLiveSales() };
  const operatorId = await makeOperator(test.database);
  const [productId] = await makeProducts(test.database, [{ units: 3 }]);
  const asking = (stock: number) =>
    createSale(services, operatorId, { ...inputWith([{ productId, priceCents: 1, stock }]), idempotencyKey: "k" });
  await expect(asking(4)).rejects.toMatchObject({ code: "INSUFFICIENT_STOCK" });
  expect(await asking(3)).toMatchObject({ items: [{ allotted: 3 }] });
  expect(await reconcile(test.database)).toMatchObject({ ok: true });
});

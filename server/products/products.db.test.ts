import { describe, expect, it } from "vitest";
import { signedInOperator, startTestApp, type TestApp } from "../app/app.fixture.ts";
import { reconcile } from "../operations/reconcile.ts";
import { makeProducts, makeWarehouse } from "../testing/factories.ts";
import { createTestDatabase } from "../testing/test-database.ts";

async function namesOf(app: TestApp, input: object): Promise<string[]> {
  const answer = await app.query("products.list", input);
  expect(answer.status, answer.text).toBe(200);
  return answer.body.result.data.items.map(({ name }: { name: string }) => name);
}

describe("products.list", () => {
  it("shows what can be ordered and nothing else, with its units by warehouse", async () => {
    await using test = await createTestDatabase();
    await using app = await startTestApp(test);
    const second = await makeWarehouse(test.database, "Harbour");
    const [lamp, gone, ofSale, nowhere] = await makeProducts(test.database, [
      { name: "Lamp", units: { 1: 3, [second]: 4 } },
      { name: "Gone", available: false },
      { name: "Of a sale", onlyInSales: true },
      { name: "Nowhere", units: {} },
    ]);
    const { items } = (await app.query("products.list")).body.result.data;
    const stock = [
      { warehouseId: 1, warehouseName: expect.any(String), units: 3 },
      { warehouseId: second, warehouseName: "Harbour", units: 4 },
    ];
    expect(items).toEqual([
      expect.objectContaining({ id: lamp, name: "Lamp", units: 7, stock }),
      expect.objectContaining({ id: nowhere, name: "Nowhere", units: 0, stock: [] }),
    ]);
    expect(await namesOf(app, { productIds: [nowhere, gone, ofSale, 999_999] })).toEqual(["Nowhere"]);
    expect(await namesOf(app, { productIds: [] })).toEqual([]);
  });

  it("goes through the catalogue page by page, each product once, equal names too", async () => {
    await using test = await createTestDatabase();
    await using app = await startTestApp(test);
    const ids = await makeProducts(
      test.database,
      [..."bababcaab"].map((name) => ({ name })),
    );
    const seen: number[] = [];
    let cursor: string | null = null;
    do {
      const answer = await app.query("products.list", { limit: 2, cursor });
      const page = answer.body.result.data;
      seen.push(...page.items.map(({ id }: { id: number }) => id));
      cursor = page.nextCursor;
    } while (cursor !== null);
    const named = ids.map((id, index) => ({ id, name: "bababcaab"[index] ?? "" }));
    const inOrder = named.toSorted((a, b) => a.name.localeCompare(b.name) || a.id - b.id).map(({ id }) => id);
    expect(seen).toEqual(inOrder);
    expect((await app.query("products.list", { cursor: "WzEsMl0" })).status).toBe(400);
  });
});

describe("products.create and products.update", () => {
  it("change the catalogue, and write down by whom", async () => {
    await using test = await createTestDatabase();
    await using app = await startTestApp(test);
    const { token, id: actorId } = await signedInOperator(test);
    const made = await app.mutate("products.create", { name: "Lamp", priceCents: 1_900, imageUrl: "/l.svg" }, token);
    const product = made.body.result.data;
    expect(product).toMatchObject({ name: "Lamp", priceCents: 1_900, available: true, units: 0, stock: [] });
    expect(await namesOf(app, { search: "lamp" })).toEqual(["Lamp"]);

    const productId = product.id;
    const update = (change: object) => app.mutate("products.update", { productId, ...change }, token);
    const changed = await update({ priceCents: 2_000, imageUrl: null, available: false });
    expect(changed.body.result.data).toEqual({
      ...product,
      priceCents: 2_000,
      imageUrl: null,
      available: false,
      edits: 1,
    });
    expect((await update({ priceCents: 2_000 })).body.result.data).toEqual(changed.body.result.data);
    expect(await namesOf(app, { search: "lamp" })).toEqual([]);
    expect((await app.mutate("products.update", { productId: 999_999, name: "x" }, token)).status).toBe(404);

    const rows = await test.sql`select action, subject, outcome, details, actor_id from audit_log order by id`;
    const entry = { subject: `product:${productId}`, outcome: "success", actor_id: actorId };
    expect(rows).toEqual([
      expect.objectContaining({ ...entry, action: "products.create" }),
      {
        ...entry,
        action: "products.update",
        details: {
          before: { priceCents: 1_900, imageUrl: "/l.svg", available: true },
          after: { priceCents: 2_000, imageUrl: null, available: false },
        },
      },
    ]);
  });

  it("make one product for a key that is sent twenty times at once, through two servers", async () => {
    await using test = await createTestDatabase();
    await using one = await startTestApp(test);
    await using two = await startTestApp(test);
    const { token } = await signedInOperator(test);
    const input = { name: "Lamp", priceCents: 1_900, idempotencyKey: "lamp" };
    const answers = await Promise.all(
      Array.from({ length: 20 }, (_, at) => (at % 2 === 0 ? one : two).mutate("products.create", input, token)),
    );
    const made = answers.map(({ body, text }) => body.result?.data.id ?? text);
    expect(new Set(made).size).toBe(1);
    expect(await test.sql`select count(*)::int as entries from audit_log`).toEqual([{ entries: 1 }]);

    // As it stands by now.
    await one.mutate("products.update", { productId: made[0], priceCents: 2_000 }, token);
    expect((await two.mutate("products.create", input, token)).body.result.data).toMatchObject({ priceCents: 2_000 });
    const reused = await two.mutate("products.create", { ...input, name: "Desk" }, token);
    expect(reused.status).toBe(422);
    expect(reused.body.error.message).toContain(`"Lamp" (product ${made[0]})`);
    const another = await two.mutate("products.create", input, (await signedInOperator(test)).token);
    expect(another.body.result.data.id).not.toBe(made[0]);
    expect(await namesOf(one, {})).toEqual(["Lamp", "Lamp"]);
  });
});

describe("products.receive", () => {
  it("takes goods in once for a key that is sent twenty times at once, through two servers", async () => {
    await using test = await createTestDatabase();
    await using one = await startTestApp(test);
    await using two = await startTestApp(test);
    const { token } = await signedInOperator(test);
    const [productId] = await makeProducts(test.database, [{ units: {} }]);
    const input = { productId, units: 7, idempotencyKey: "delivery" };
    const answers = await Promise.all(
      Array.from({ length: 20 }, (_, index) => (index % 2 ? one : two).mutate("products.receive", input, token)),
    );
    const results = answers.map(({ body }) => body.result.data);
    expect(results.filter(({ replayed }) => !replayed)).toHaveLength(1);
    // Whatever came in meanwhile, the answer stays the first one.
    await one.mutate("products.receive", { ...input, idempotencyKey: "next" }, token);
    results.push((await one.mutate("products.receive", input, token)).body.result.data);
    for (const result of results) {
      expect(result).toEqual({ ...results[0], units: 7, unitsAfter: 7, warehouseId: 1, replayed: result.replayed });
    }
    expect((await one.query("products.list")).body.result.data.items[0].units).toBe(14);
    const audited = await test.sql`select from audit_log where action = 'products.receive'`;
    expect(audited).toHaveLength(2);
    expect(await reconcile(test.database)).toMatchObject({ ok: true });
  });

  it("refuses in the documented order, and changes nothing then", async () => {
    await using test = await createTestDatabase();
    await using app = await startTestApp(test);
    const { token } = await signedInOperator(test);
    const second = await makeWarehouse(test.database);
    const [lamp, full] = await makeProducts(test.database, [{ units: 1 }, { units: 2_147_483_640 }]);
    const input = { productId: lamp, warehouseId: second, units: 8, idempotencyKey: "k" };
    const receive = (change: object) => app.mutate("products.receive", { ...input, ...change }, token);
    expect((await receive({})).body.result.data).toMatchObject({ warehouseId: second, unitsAfter: 8, replayed: false });
    const before = await test.sql`select * from inventory order by warehouse_id, product_id`;

    const refusals: [change: object, status: number, reason: string][] = [
      [{ productId: 999_999 }, 422, "KEY_REUSED"],
      [{ units: 9 }, 422, "KEY_REUSED"],
      [{ reason: "another" }, 422, "KEY_REUSED"],
      [{ idempotencyKey: "l", productId: 999_999, warehouseId: 77 }, 404, "NOT_FOUND"],
      [{ idempotencyKey: "l", warehouseId: 77 }, 404, "NOT_FOUND"],
      [{ idempotencyKey: "l", productId: full, warehouseId: 1 }, 400, "INVALID_INPUT"],
    ];
    for (const [change, status, reason] of refusals) {
      const answer = await receive(change);
      expect({ change, status: answer.status, reason: answer.body.error?.data.reason }).toEqual({
        ...{ change, status, reason },
      });
    }
    expect(await test.sql`select * from inventory order by warehouse_id, product_id`).toEqual(before);
    expect(await reconcile(test.database)).toMatchObject({ ok: true });
  });
});

it("lets one of two operators who saw the same product change it, and tells the other who did", async () => {
  await using test = await createTestDatabase();
  await using app = await startTestApp(test);
  const [productId] = await makeProducts(test.database, [{ priceCents: 1_000 }]);
  const operators = [await signedInOperator(test), await signedInOperator(test)];
  const update = (index: number, more: object) =>
    app.mutate("products.update", { productId, ...more }, operators[index % 2]?.token);
  const { edits } = (await app.query("products.list", { productIds: [productId] })).body.result.data.items[0];
  const answers = await Promise.all(
    Array.from({ length: 10 }, (_, index) => update(index, { priceCents: 2_000 + index, edits })),
  );
  const done = answers.filter(({ status }) => status === 200);
  expect(done.map(({ body }) => body.result.data.edits)).toEqual([edits + 1]);
  for (const { status, body } of answers.filter((answer) => answer !== done[0])) {
    expect({ status, reason: body.error.data.reason }).toEqual({ status: 409, reason: "CHANGED_MEANWHILE" });
    expect(body.error.message).toContain("(products.update)");
  }
  // What is so already is answered, and whoever says nothing of what they saw overwrites.
  const [product] = done.map(({ body }) => body.result.data);
  expect((await update(0, { priceCents: product.priceCents, edits })).status).toBe(200);
  expect((await update(0, { priceCents: 1 })).body.result.data.edits).toBe(edits + 2);
});

it("changes a product while orders of it are being placed", async () => {
  await using test = await createTestDatabase();
  await using app = await startTestApp(test);
  const { token } = await signedInOperator(test);
  const [productId = 0] = await makeProducts(test.database, [{ priceCents: 1_000 }]);
  await test.sql.begin(async (sql) => {
    // As the foreign key of an order's line holds it.
    await sql`select from products where id = ${productId} for key share`;
    expect((await app.mutate("products.update", { productId, priceCents: 2_000 }, token)).status).toBe(200);
  });
});

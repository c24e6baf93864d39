import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { signedInOperator, startTestApp, type TestApp } from "../app/app.fixture.ts";
import { makeProducts } from "../testing/factories.ts";
import { planOf } from "../testing/plan-of.ts";
import { createTestDatabase, type TestDatabase } from "../testing/test-database.ts";
import { listAllProducts } from "./list-all.ts";

async function namesOf(app: TestApp, token: string, input: object): Promise<string[]> {
  const names: string[] = [];
  for (let cursor: string | null = null; ; ) {
    const answer = await app.query("products.all", { ...input, limit: 2, cursor }, token);
    expect(answer.status, answer.text).toBe(200);
    names.push(...answer.body.result.data.items.map(({ name }: { name: string }) => name));
    cursor = answer.body.result.data.nextCursor;
    if (cursor === null) return names;
  }
}

describe("products.all", () => {
  it("has every product once, in each order, either way round, page by page", async () => {
    await using test = await createTestDatabase();
    await using app = await startTestApp(test);
    const { token } = await signedInOperator(test);
    await makeProducts(test.database, [
      { name: "Desk", priceCents: 300, units: { 1: 4 } },
      { name: "Lamp", priceCents: 300, units: {}, available: false },
      { name: "Chair", priceCents: 100, units: { 1: 9 } },
      { name: "Of a sale", priceCents: 200, onlyInSales: true, units: { 1: 9 } },
      { name: "Bed", priceCents: 900, units: { 1: 0 } },
    ]);
    await test.sql`update products set created_at = timestamptz '2026-01-01' + interval '1 microsecond' * id`;
    const orders: Record<string, string[]> = {
      name: ["Bed", "Chair", "Desk", "Lamp", "Of a sale"],
      price: ["Chair", "Of a sale", "Desk", "Lamp", "Bed"],
      units: ["Lamp", "Bed", "Desk", "Chair", "Of a sale"],
      created: ["Desk", "Lamp", "Chair", "Of a sale", "Bed"],
    };
    for (const [sort, names] of Object.entries(orders)) {
      expect(await namesOf(app, token, { sort }), sort).toEqual(names);
      expect(await namesOf(app, token, { sort, descending: true }), sort).toEqual(names.toReversed());
    }
    const shown: Record<string, string[]> = {
      available: ["Bed", "Chair", "Desk"],
      withdrawn: ["Lamp"],
      onlyInSales: ["Of a sale"],
      outOfStock: ["Bed", "Lamp"],
    };
    for (const [show, names] of Object.entries(shown)) expect(await namesOf(app, token, { show }), show).toEqual(names);
    expect(await namesOf(app, token, { search: "sale", sort: "units" })).toEqual(["Of a sale"]);
    expect(await namesOf(app, token, { search: "sale", show: "withdrawn" })).toEqual([]);
    const forged = { cursor: Buffer.from('["x",1]').toString("base64url") };
    expect((await app.query("products.all", { ...forged, sort: "price" }, token)).status).toBe(400);
    expect((await app.query("products.all", { ...forged, sort: "created" }, token)).status).toBe(400);
  });

  it("goes on after a page of a search, with what is common and with what is rare", async () => {
    await using test = await createTestDatabase();
    await fill(test, 3_000);
    for (const sort of ["name", "price", "units", "created"] as const) {
      for (const [search, count] of [
        ["common", 3_000],
        ["common rare", 3],
      ] as const) {
        const seen = new Set<number>();
        for (let cursor: string | null = null; ; ) {
          const input = { search, sort, descending: true, limit: 100, cursor };
          const page = await listAllProducts(test.database, input);
          for (const { id } of page.items) seen.add(id);
          cursor = page.nextCursor;
          if (cursor === null) break;
        }
        expect({ sort, search, found: seen.size }).toEqual({ sort, search, found: count });
      }
    }
  });
});

describe("with 100,000 products", () => {
  let test: TestDatabase;
  beforeAll(async () => {
    test = await createTestDatabase();
    await fill(test, 100_000);
  });
  afterAll(() => test[Symbol.asyncDispose]());

  it.each([
    ["name", "products_by_name"],
    ["price", "products_by_price"],
    ["created", "products_by_time"],
  ] as const)("a page by %s comes from its index, either way round, from the middle too", async (sort, index) => {
    for (const descending of [false, true]) {
      const { nextCursor } = await listAllProducts(test.database, { sort, descending, limit: 20 });
      for (const cursor of [null, nextCursor]) {
        const read = () => listAllProducts(test.database, { sort, descending, limit: 20, cursor });
        const plan = await planOf(test, "products", read);
        expect(plan).toContain(index);
        expect(plan).not.toMatch(/Sort|Seq Scan/);
      }
    }
  });

  it("a page by units looks up those of each product once, and keeps no more than the page", async () => {
    const read = () => listAllProducts(test.database, { sort: "units", descending: true, limit: 20 });
    const plan = await planOf(test, "products", read);
    expect(plan).toMatch(/^Limit[\s\S]*Sort[\s\S]*Nested Loop[\s\S]*Index Scan using inventory_by_product/);
    expect(plan).not.toContain("Seq Scan on inventory");
    const { items } = await read();
    expect(items.map(({ units }) => units)).toEqual(Array.from({ length: 20 }, () => 299));
  });

  it("what is rare is found by the index of words", async () => {
    const scans = async () => {
      await test.sql`select pg_stat_force_next_flush()`;
      const [row] = await test.sql`
        select seq_scan::int as scans from pg_stat_user_tables where relname = 'products' and schemaname = ${test.schema}`;
      return Number(row?.scans);
    };
    const before = await scans();
    const { items } = await listAllProducts(test.database, {
      search: "zebra",
      sort: "price",
      descending: false,
      limit: 20,
    });
    expect(items).toHaveLength(1);
    await test.database.withTransaction((tx) => tx.execute("select pg_stat_force_next_flush()"));
    expect(await scans()).toBe(before);
  });
});

async function fill(test: TestDatabase, count: number): Promise<void> {
  await test.sql`
    insert into products (name, description, price_cents, created_at)
    select 'P' || n, 'common' || case when n % 1000 = 7 then ' rare' else '' end, n % 500, now() + interval '1 second' * n
    from generate_series(1, ${count}::int) as n`;
  await test.sql`
    insert into inventory (warehouse_id, product_id, units, updated_at) select 1, id, id % 300, now() from products`;
  if (count > 10_000) await test.sql`update products set name = 'Zebra' where price_cents = 499 and name = 'P50499'`;
  await test.sql`vacuum analyze products`;
  await test.sql`analyze inventory`;
}

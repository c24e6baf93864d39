import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { makeProducts } from "../testing/factories.ts";
import { createTestDatabase, type TestDatabase } from "../testing/test-database.ts";
import { listProducts } from "./list.ts";

const PRODUCTS = [
  "LED-Lamp, 1.5 m",
  "Desk",
  "Black/White Sneaker",
  "RTX-4090",
  "T-Shirt",
  "Wifi Router",
  "O'Neill \\ Löwe",
  "Women’s Jacket",
  "L’Oréal Crème",
  "Batteries, Boxes",
  "Shelf of Glass",
  "Café au lait",
  "Cafe\u0301 creme",
  "Straßenkarte",
  "İstanbul Kilim",
  "Ørsted, Łódź",
  "Ελλάδα ΟΔΟΣ",
  "Ελληνικός καφές",
  "Tool\u00adbox, Zero\u200bWidth",
  "москва ёлка",
  "绿茶壶",
  "卓上ランプ",
  "🎧 Headphones",
];

describe("a search", () => {
  let test: TestDatabase;
  beforeAll(async () => {
    test = await createTestDatabase();
    await makeProducts(
      test.database,
      PRODUCTS.map((name) => ({ name })),
    );
    await test.sql`update products set description = 'Lights up the desk' where name like 'LED%'`;
  });
  afterAll(() => test[Symbol.asyncDispose]());

  it.each<[search: string, ...found: string[]]>([
    // Capital letters of Greek, whose sigma ends a word in a form of its own.
    ["ΕΛΛΗΝΙΚΌΣ", "Ελληνικός καφές"],
    ["οδος", "Ελλάδα ΟΔΟΣ"],
    ["ΚΑΦΈΣ", "Ελληνικός καφές"],
    // What is not seen.
    ["toolbox", "Tool\u00adbox, Zero\u200bWidth"],
    ["zero\u200dwidth", "Tool\u00adbox, Zero\u200bWidth"],
    // Words and their beginnings, in any order, in the name or the description.
    ["lamp", "LED-Lamp, 1.5 m"],
    ["LAMP led", "LED-Lamp, 1.5 m"],
    ["led-la", "LED-Lamp, 1.5 m"],
    ["des", "Desk", "LED-Lamp, 1.5 m"],
    ["lamp sofa"],
    ["lamp | desk", "LED-Lamp, 1.5 m"],
    // Apart at whatever is neither letter nor digit, and joined.
    ["White", "Black/White Sneaker"],
    ["black-white", "Black/White Sneaker"],
    ["4090", "RTX-4090"],
    ["rtx 4090", "RTX-4090"],
    ["rtx4090", "RTX-4090"],
    ["1.5", "LED-Lamp, 1.5 m"],
    ["1,5", "LED-Lamp, 1.5 m"],
    ["tshirt", "T-Shirt"],
    ["t‑shirt", "T-Shirt"],
    ["wi-fi", "Wifi Router"],
    // Apostrophes.
    ["o'n", "O'Neill \\ Löwe"],
    ["o’neill", "O'Neill \\ Löwe"],
    ["neill", "O'Neill \\ Löwe"],
    ["oneill", "O'Neill \\ Löwe"],
    ["women's", "Women’s Jacket"],
    ["women’s", "Women’s Jacket"],
    ["womens", "Women’s Jacket"],
    ["l'oreal", "L’Oréal Crème"],
    // One number or the other.
    ["lamps", "LED-Lamp, 1.5 m"],
    ["desks", "Desk", "LED-Lamp, 1.5 m"],
    ["battery", "Batteries, Boxes"],
    ["batteries", "Batteries, Boxes"],
    ["box", "Batteries, Boxes"],
    ["shelves", "Shelf of Glass"],
    ["glasses", "Shelf of Glass"],
    ["glas", "Shelf of Glass"],
    // Letters that are written in several ways.
    ["löw", "O'Neill \\ Löwe"],
    ["lowe", "O'Neill \\ Löwe"],
    ["café", "Cafe\u0301 creme", "Café au lait"],
    ["cafe\u0301", "Cafe\u0301 creme", "Café au lait"],
    ["cafe", "Cafe\u0301 creme", "Café au lait"],
    ["creme", "Cafe\u0301 creme", "L’Oréal Crème"],
    ["STRASSE", "Straßenkarte"],
    ["straße", "Straßenkarte"],
    ["istanbul", "İstanbul Kilim"],
    ["ISTANBUL", "İstanbul Kilim"],
    ["ıstanbul", "İstanbul Kilim"],
    ["ørsted", "Ørsted, Łódź"],
    ["lodz", "Ørsted, Łódź"],
    ["ελλαδα", "Ελλάδα ΟΔΟΣ"],
    ["МОСКВА", "москва ёлка"],
    ["елка", "москва ёлка"],
    ["ｌａｍｐ", "LED-Lamp, 1.5 m"],
    // Scripts without spaces, and pictographs.
    ["茶壶", "绿茶壶"],
    ["壶", "绿茶壶"],
    ["ランプ", "卓上ランプ"],
    ["🎧", "🎧 Headphones"],
    ["👩‍🚀"],
    // What is left out.
    ["x", ...productsInOrder()],
    ["!!", ...productsInOrder()],
    ["a:* & !b <-> \\'", ...productsInOrder()],
    ["  ", ...productsInOrder()],
    ["lamp a b c d e f", "LED-Lamp, 1.5 m"],
    ["lamp lamp lamp lamp lamp lamp sofa"],
    ["lights up the desk led lamp sofa", "LED-Lamp, 1.5 m"],
  ])("for %j finds it", async (search, ...found) => {
    const { items } = await listProducts(test.database, { search, limit: 100 });
    expect(items.map(({ name }) => name)).toEqual(found);
  });

  it("goes on after a page, with what is common and with what is rare", async () => {
    await using many = await createTestDatabase();
    await many.sql`
      insert into products (name, description, price_cents)
      select 'P' || lpad(n::text, 5, '0'), 'common' || case when n % 1000 = 7 then ' rare' else '' end, 1
      from generate_series(1, 4000) as n`;
    for (const [search, count] of [
      ["common", 4_000],
      ["common rare", 4],
    ] as const) {
      const seen: string[] = [];
      for (let cursor: string | null = null; ; ) {
        const page = await listProducts(many.database, { search, limit: 100, cursor });
        seen.push(...page.items.map(({ name }) => name));
        cursor = page.nextCursor;
        if (cursor === null) break;
      }
      expect(seen).toHaveLength(count);
      expect(seen).toEqual([...new Set(seen)].sort());
    }
  });

  it("finds what is rare by its index, and what is common without going through all of it", async () => {
    await using many = await createTestDatabase({ poolSize: 1 });
    await many.sql`
      insert into products (name, description, price_cents)
      select 'P' || n, 'common ' || md5(n::text) || ' ' || md5((n % 10)::text), 1 from generate_series(1, 10000) as n`;
    await many.sql`insert into products (name, description, price_cents) values ('Zebra', 'common', 1)`;
    // As autovacuum does within a minute of so many changes.
    await many.sql`analyze products`;
    for (const search of ["zebra", "zeb common", "common"]) {
      const before = await touched(many);
      const { items } = await listProducts(many.database, { search, limit: 20 });
      expect(items).toHaveLength(search === "common" ? 20 : 1);
      await many.database.withTransaction((tx) => tx.execute("select pg_stat_force_next_flush()"));
      const after = await touched(many);
      expect(after.scans, search).toBe(before.scans);
      expect(after.fetched - before.fetched, search).toBeLessThan(1_200);
    }
  });
});

/** Rows of products that were fetched by an index, and how often all were read. */
async function touched({ sql, schema }: TestDatabase) {
  await sql`select pg_stat_force_next_flush()`;
  const [row] = await sql`
    select (idx_tup_fetch + seq_tup_read)::int as fetched, seq_scan::int as scans
    from pg_stat_user_tables where relname = 'products' and schemaname = ${schema}`;
  return { fetched: Number(row?.fetched), scans: Number(row?.scans) };
}

/** As the database orders them: byte by byte. */
function productsInOrder(): string[] {
  return PRODUCTS.toSorted((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)));
}

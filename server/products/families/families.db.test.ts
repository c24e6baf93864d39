import { describe, expect, it } from "vitest";
import { signedInOperator, startTestApp, type TestApp } from "../../app/app.fixture.ts";
import { createSale } from "../../sales/create.ts";
import { recordingLiveSales } from "../../sales/live/live-sales.fixture.ts";
import { makeProducts } from "../../testing/factories.ts";
import { createTestDatabase, type TestDatabase } from "../../testing/test-database.ts";

async function shopOf(test: TestDatabase, app: TestApp) {
  const productIds = await makeProducts(test.database, [
    { name: "Shirt, S, red" },
    { name: "Shirt, M, red" },
    { name: "Shirt, M, blue" },
    { name: "Lamp" },
  ]);
  const [small = 0, medium = 0, blue = 0, lamp = 0] = productIds;
  const { token, id: operatorId } = await signedInOperator(test);
  const shirt = {
    name: "Shirt",
    optionNames: ["Size", "Colour"],
    variants: [
      { productId: small, values: ["S", "red"] },
      { productId: medium, values: ["M", "red"] },
      { productId: blue, values: ["M", "blue"] },
    ],
  };
  const act = (verb: string, input: object, by = token) => app.mutate(`families.${verb}`, input, by);
  const inCatalogue = async () => (await app.query("products.list")).body.result.data.items;
  return { small, medium, blue, lamp, token, operatorId, shirt, act, inCatalogue };
}

describe("a family", () => {
  it("is made once, however often it is asked for, at once or after a lost answer", async () => {
    await using test = await createTestDatabase();
    await using app = await startTestApp(test);
    const { shirt, act } = await shopOf(test, app);
    const answers = await Promise.all(Array.from({ length: 8 }, () => act("create", shirt)));
    const ids = answers.map(({ body, text }) => body.result?.data.id ?? text);
    expect(new Set(ids).size).toBe(1);
    expect((await act("create", shirt)).body.result.data.id).toBe(ids[0]);
    expect(await test.sql`select count(*)::int as made from audit_log where action = 'families.create'`).toEqual([
      { made: 1 },
    ]);
    // Another family of the same products is none of these.
    for (const other of [
      { ...shirt, name: "Blouse" },
      { ...shirt, variants: shirt.variants.slice(0, 2) },
    ])
      expect((await act("create", other)).body.error.message).toContain("It is in the family “Shirt” already");
  });

  it("stands on each of its products, in the catalogue and in a sale, until it is taken apart", async () => {
    await using test = await createTestDatabase();
    await using app = await startTestApp(test);
    const { small, medium, blue, lamp, token, operatorId, shirt, act, inCatalogue } = await shopOf(test, app);
    const made = (await act("create", shirt)).body.result.data;
    expect(made).toMatchObject({ ...shirt, edits: 0, variants: [{ productName: "Shirt, S, red" }, {}, {}] });

    const family = (place: number, size: string, colour: string) => ({
      ...{ id: made.id, name: "Shirt", place },
      options: [
        { name: "Size", value: size },
        { name: "Colour", value: colour },
      ],
    });
    await app.mutate("products.update", { productId: small, available: false }, token);
    const products = await inCatalogue();
    // Whoever is withdrawn is not among those that can be chosen.
    expect(products).toMatchObject([
      { id: lamp },
      { id: blue, family: { ...family(2, "M", "blue"), productIds: [medium, blue] } },
      { id: medium, family: { ...family(1, "M", "red"), productIds: [medium, blue] } },
    ]);
    expect(products[0]).not.toHaveProperty("family");

    const sale = await createSale({ database: test.database, liveSales: recordingLiveSales() }, operatorId, {
      name: "Sale",
      startsAt: "2026-01-01T00:00:00Z",
      endsAt: "2030-01-01T00:00:00Z",
      items: [blue, lamp].map((productId) => ({ productId, priceCents: 1, stock: 0 })),
    });
    const { items } = (await app.query("sales.byId", { saleId: sale.id })).body.result.data;
    expect(items[0].family).toEqual(family(2, "M", "blue"));
    expect(items[1]).not.toHaveProperty("family");

    expect((await act("remove", { familyId: made.id, edits: 0 })).status).toBe(200);
    for (const product of await inCatalogue()) expect(product).not.toHaveProperty("family");
    expect((await app.query("families.byId", { familyId: made.id }, token)).status).toBe(404);
  });

  it("is changed as a whole, and every change is written down as it was before and after", async () => {
    await using test = await createTestDatabase();
    await using app = await startTestApp(test);
    const { small, medium, lamp, operatorId, shirt, act } = await shopOf(test, app);
    const { id: familyId } = (await act("create", shirt)).body.result.data;
    const after = {
      name: "Shirts",
      optionNames: ["Size"],
      variants: [
        { productId: medium, values: ["M"] },
        { productId: small, values: ["S"] },
        { productId: lamp, values: ["L"] },
      ],
    };
    const changed = (await act("update", { familyId, ...after, edits: 0 })).body.result.data;
    expect(changed).toMatchObject({ id: familyId, ...after, edits: 1 });
    // What is so already is no change, whatever it was made for.
    expect((await act("update", { familyId, ...after, edits: 0 })).body.result.data).toEqual(changed);
    const rows = await test.sql`select action, subject, details, actor_id from audit_log order by id`;
    const entry = { subject: `family:${familyId}`, actor_id: operatorId };
    expect(rows).toEqual([
      { ...entry, action: "families.create", details: shirt },
      { ...entry, action: "families.update", details: { before: shirt, after } },
    ]);
  });

  it("is refused with the field that is wrong, and then nothing changes", async () => {
    await using test = await createTestDatabase();
    await using app = await startTestApp(test);
    const { small, medium, lamp, shirt, act } = await shopOf(test, app);
    await act("create", shirt);
    const two = (first: string[], second: string[]) => [
      { productId: lamp, values: first },
      { productId: medium, values: second },
    ];
    const fine = { name: "Lamps", optionNames: ["Size"], variants: two(["S"], ["M"]) };
    const refusals: [change: object, status: number, path: string | undefined][] = [
      [{ name: " " }, 400, "name"],
      [{ optionNames: [] }, 400, "optionNames"],
      [{ optionNames: ["Size", "Size"], variants: two(["S", "S"], ["M", "M"]) }, 400, "optionNames.1"],
      [{ variants: two(["S"], ["S", "red"]) }, 400, "variants.1.values"],
      [{ variants: two(["S"], ["S"]) }, 400, "variants.1.values"],
      [{ variants: [fine.variants[0], { productId: lamp, values: ["M"] }] }, 400, "variants.1.productId"],
      [{}, 400, "variants.1.productId"],
      [{ variants: [fine.variants[0], { productId: 999_999, values: ["M"] }] }, 404, undefined],
    ];
    for (const [change, status, path] of refusals) {
      const { status: answered, body } = await act("create", { ...fine, ...change });
      expect({ change, status: answered, path: body.error.data.issues?.[0].path }).toEqual({ change, status, path });
    }
    expect(await test.sql`select product_id from variants order by ordinal`).toHaveLength(3);
    expect(await test.sql`select from families`).toHaveLength(1);
    expect(small).toBeGreaterThan(0);
  });

  it("lets one of two operators who saw it change it, and tells the other who did", async () => {
    await using test = await createTestDatabase();
    await using app = await startTestApp(test);
    const { shirt, act } = await shopOf(test, app);
    const other = await signedInOperator(test);
    const { id: familyId, edits } = (await act("create", shirt)).body.result.data;
    const answers = await Promise.all(
      Array.from({ length: 8 }, (_, index) =>
        act("update", { familyId, ...shirt, name: `Shirt ${index}`, edits }, index % 2 ? other.token : undefined),
      ),
    );
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(1);
    for (const { body } of answers.filter(({ status }) => status !== 200)) {
      expect(body.error).toMatchObject({ data: { reason: "CHANGED_MEANWHILE" } });
      expect(body.error.message).toContain("(families.update)");
    }
    expect((await act("remove", { familyId, edits })).body.error.data.reason).toBe("CHANGED_MEANWHILE");
  });

  it("gets a product that two families want at once, and the other is told where it is", async () => {
    await using test = await createTestDatabase();
    await using app = await startTestApp(test);
    const { shirt, act } = await shopOf(test, app);
    const answers = await Promise.all(
      Array.from({ length: 8 }, (_, index) => act("create", { ...shirt, name: `Shirt ${index}` })),
    );
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(1);
    for (const { body } of answers.filter(({ status }) => status !== 200)) {
      expect(body.error.message).toMatch(/It is in the family “Shirt \d” already/);
    }
    expect(await test.sql`select from families`).toHaveLength(1);
  });
});

it("families are listed by name, page by page, and found by a part of it", async () => {
  await using test = await createTestDatabase();
  await using app = await startTestApp(test);
  const { token } = await signedInOperator(test);
  await test.sql`
    insert into families (name, option_names, created_at)
    select name, array['Size'], now() from unnest(array['Hats', 'boots', 'Coats_1', 'Hats']) as name`;
  const seen: string[] = [];
  for (let cursor: string | null = null; ; ) {
    const page: { items: { name: string }[]; nextCursor: string | null } = (
      await app.query("families.list", { limit: 1, cursor }, token)
    ).body.result.data;
    seen.push(...page.items.map(({ name }) => name));
    cursor = page.nextCursor;
    if (cursor === null) break;
  }
  expect(seen).toEqual(["Coats_1", "Hats", "Hats", "boots"]);
  const found = async (search: string) =>
    (await app.query("families.list", { search }, token)).body.result.data.items.map(
      ({ name }: { name: string }) => name,
    );
  expect(await found("OAT")).toEqual(["Coats_1"]);
  expect(await found("s_1")).toEqual(["Coats_1"]);
  expect(await found("_t")).toEqual([]);
});

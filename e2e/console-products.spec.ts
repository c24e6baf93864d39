import { expectAccessible, expectNoSidewaysScroll, tabTo } from "./accessible.ts";
import { signInOperator } from "./accounts.ts";
import { expect, test } from "./test.ts";

test("a product is made, received into a new warehouse, and stands in the catalogue; withdrawn, it leaves it", async ({
  visit,
  operator,
}) => {
  const name = `Lamp ${crypto.randomUUID().slice(0, 8)}`;
  const place = `Harbour ${crypto.randomUUID().slice(0, 8)}`;
  const page = await visit("/console/products", { as: operator });
  const newWarehouse = page.getByRole("form", { name: "New warehouse" });
  await newWarehouse.getByRole("textbox").fill(place);
  await newWarehouse.getByRole("button").click();
  await expect(page.getByRole("list", { name: "Warehouses" })).toContainText(place);

  await page.getByRole("link", { name: "New product" }).click();
  const form = page.getByRole("form", { name: "New product" });
  await form.getByRole("textbox", { name: "Name" }).fill(name);
  await form.getByRole("textbox", { name: /^Price/ }).fill("a lot");
  await form.getByRole("button", { name: "Put it into the catalogue" }).click();
  await expect(form.getByRole("textbox", { name: /^Price/ })).toHaveAccessibleDescription(/such as 49.90/);
  // Nothing that was typed is lost by a reload.
  await page.reload();
  await expect(form.getByRole("textbox", { name: "Name" })).toHaveValue(name);
  await form.getByRole("textbox", { name: /^Price/ }).fill("49,90");
  await form.getByRole("button", { name: "Put it into the catalogue" }).click();

  const receive = page.getByRole("form", { name: "Receive goods" });
  await receive.getByRole("combobox", { name: "Warehouse" }).selectOption(place);
  await receive.getByRole("textbox", { name: "Units" }).fill("12");
  await receive.getByRole("textbox", { name: /^Delivery/ }).fill("Pallet 7");
  await receive.getByRole("button", { name: "Receive" }).click();
  await expect(page.getByText(`12 units came in: ${place} has 12.`)).toBeVisible();
  await expect(page.getByRole("list", { name: "Stock by warehouse" })).toContainText(`${place}12`);
  const history = page.getByRole("list", { name: "What happened" }).locator("> li");
  await expect(history.first()).toContainText(`12 received by ${place}`);
  await expect(history.first()).toContainText("Pallet 7");

  const buyer = await visit(`/catalogue?search=${encodeURIComponent(name)}`);
  await expect(buyer.getByRole("article", { name })).toContainText("€49.90");
  await page.getByRole("button", { name: "Withdraw" }).click();
  await page.getByRole("dialog", { name: "Withdraw it?" }).getByLabel("Reason").fill("Recalled");
  await page.getByRole("dialog", { name: "Withdraw it?" }).getByRole("button", { name: "Withdraw" }).click();
  await expect(history.first()).toContainText("Recalled");
  await buyer.reload();
  await expect(buyer.getByRole("heading", { name: "Nothing matches" })).toBeVisible();
});

test.describe("a product that somebody else has changed", () => {
  test.use({ expectedConsoleErrors: /409 \(Conflict\)/ });

  test("two operators at one product see each other's changes, and keep what they typed", async ({
    visit,
    operator,
    product: shop,
    newProduct,
  }) => {
    const { id: productId, name, edits } = await newProduct({ description: "Bright" });
    const page = await visit(`/console/products?product=${productId}`, { as: operator });
    const form = page.getByRole("form", { name: "Product" });
    await form.getByRole("textbox", { name: /^Price/ }).fill("30");
    const other = await signInOperator(shop.url);
    await other.client.products.update({ productId, name: `${name} XL`, priceCents: 4_000, edits });
    await form.getByRole("button", { name: "Save" }).click();
    const differs = form.getByRole("list", { name: "What differs" });
    await expect(differs).toContainText(`was “${name}”, is now “${name} XL”`);
    await expect(differs).toContainText("is now “40.00”; you typed “30”");
    await form.getByRole("button", { name: "Keep what I typed, take the rest" }).click();
    await expect(form.getByRole("textbox", { name: "Name" })).toHaveValue(`${name} XL`);
    await form.getByRole("button", { name: "Save" }).click();
    await expect(page.getByText("Saved.")).toBeVisible();
    expect((await operator.client.products.byId({ productId })).priceCents).toBe(3_000);
  });
});

test("a family is made in the console, and buyers choose on its one card", async ({ visit, operator, newProduct }) => {
  const name = `Shirt${crypto.randomUUID().slice(0, 8)}`;
  const products = [await newProduct({ name: `${name} small` }), await newProduct({ name: `${name} large` })];
  const page = await visit("/console/products?family=new", { as: operator });
  const form = page.getByRole("form", { name: "New family" });
  await form.getByRole("textbox", { name: "Name", exact: true }).fill(name);
  await form.getByRole("button", { name: "Make the family" }).click();
  await expect(form.getByRole("alert").filter({ hasText: "A family has 2 to 100 products." })).toBeVisible();
  await form.getByRole("searchbox").fill(name);
  for (const [index, product] of products.entries()) {
    await form.getByRole("button", { name: `Add ${product.name}` }).click();
    const row = form.getByRole("list", { name: "Products of the family" }).getByRole("listitem").nth(index);
    await row.getByRole("textbox", { name: "Size" }).fill(["S", "L"][index] ?? "");
  }
  await form.getByRole("button", { name: "Make the family" }).click();
  await expect(page.getByRole("list", { name: "Families" })).toContainText(name);
  const buyer = await visit(`/catalogue?search=${name}`);
  const card = buyer.getByRole("article", { name, exact: true });
  await expect(card.getByRole("radio")).toHaveCount(2);
});

test("a product leads to the console's page of each sale that has it", async ({
  visit,
  operator,
  newProduct,
  newSale,
}) => {
  const { id: productId } = await newProduct({ units: 5 });
  const sale = await newSale({ items: [{ productId, stock: 1 }] });
  const page = await visit(`/console/products?product=${productId}`, { as: operator });
  await page.getByRole("list", { name: "Sales with it" }).getByRole("link", { name: sale.name }).click();
  await expect(page).toHaveURL(new RegExp(`/console/sales/${sale.id}$`));
  await expect(page.getByRole("heading", { name: sale.name, level: 2 })).toBeVisible();
});

test("products are found, sorted and opened by keyboard, and an address shows the same to somebody else", async ({
  visit,
  operator,
  newProduct,
}) => {
  const word = `w${crypto.randomUUID().slice(0, 8)}`;
  await newProduct({ name: `A ${word}`, priceCents: 300 });
  await newProduct({ name: `B ${word}`, priceCents: 100 });
  const page = await visit("/console/products", { as: operator });
  await page.getByRole("searchbox").first().fill(word);
  const rows = page.getByRole("table", { name: "Products" }).getByRole("rowheader");
  await expect(rows).toHaveCount(2);
  await tabTo(page, page.getByRole("button", { name: "Price" }));
  await page.keyboard.press("Enter");
  await expect(rows.first()).toContainText(`B ${word}`);
  const besides = await visit(page.url(), { as: operator });
  await expect(besides.getByRole("table", { name: "Products" }).getByRole("rowheader").first()).toContainText("B ");
  await tabTo(page, rows.first().getByRole("link"));
  await page.keyboard.press("Enter");
  await expect(page.getByRole("dialog").getByRole("heading", { name: `B ${word}` })).toBeVisible();
});

for (const colorScheme of ["light", "dark"] as const) {
  test(`products are accessible in ${colorScheme} mode, wide and narrow`, async ({ visit, operator, newProduct }) => {
    test.slow();
    const { id } = await newProduct();
    for (const width of [360, 768, 1440]) {
      const options = { viewport: { width, height: 900 }, colorScheme, reducedMotion: "reduce" } as const;
      const page = await visit("/console/products", { as: operator, ...options });
      await expect(page.getByRole("list", { name: "Warehouses" })).toBeVisible();
      await expect(page.getByRole("table", { name: "Products" })).toBeVisible();
      await expectAccessible(page, `products-${width}`);
      await expectNoSidewaysScroll(page, `products-${width}-width`);
      await page.goto(`/console/products?product=${id}`);
      await expect(page.getByRole("list", { name: "What happened" })).toBeVisible();
      await expectAccessible(page, `product-${width}`);
      await page.goto("/console/products?family=new");
      await expect(page.getByRole("form", { name: "New family" })).toBeVisible();
      await expectAccessible(page, `family-${width}`);
      await page.close();
    }
  });
}

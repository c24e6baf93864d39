import type { Page } from "@playwright/test";
import type { Product } from "../client/sdk/index.ts";
import { expectAccessible, expectNoSidewaysScroll, tabTo } from "./accessible.ts";
import type { Account } from "./accounts.ts";
import { expect, test } from "./test.ts";

test("a size and a colour are chosen on one card by keyboard, and that very product is ordered", async ({
  visit,
  operator,
  newProduct,
  newBuyer,
}) => {
  const { name, products } = await makeShirt(operator, newProduct);
  const buyer = await newBuyer();
  const page = await visit(`/catalogue?search=${name}`, { as: buyer });
  const card = page.getByRole("article", { name, exact: true });
  await expect(page.getByRole("article")).toHaveCount(1);
  await tabTo(page, card.getByRole("radio", { name: "S", exact: true }));
  await page.keyboard.press("ArrowRight");
  await expect(card.getByRole("radio", { name: "M", exact: true })).toBeChecked();
  await expect(card.getByRole("radio", { name: /^Blue/ })).not.toBeChecked();
  await tabTo(page, card.getByRole("radio", { name: "Red" }));
  await page.keyboard.press("ArrowRight");
  await expect(card.getByRole("status").filter({ hasText: "M, Blue" })).toBeAttached();
  await tabTo(page, card.getByRole("button", { name: /^Add to basket.* M Blue$/ }));
  await page.keyboard.press("Enter");
  await expect(card).toContainText("1 in your basket");
  await page.goto("/basket");
  await expect(page.getByRole("main")).toContainText(products[2]?.name ?? "");
  await page.getByRole("button", { name: /^Pay/ }).click();
  await expect
    .poll(async () => (await buyer.client.orders.mine()).items[0]?.lines)
    .toMatchObject([{ productId: products[2]?.id, quantity: 1 }]);
});

test("what there is not says so, and a search shows what it found first", async ({ visit, operator, newProduct }) => {
  const { name, products } = await makeShirt(operator, newProduct);
  const page = await visit(`/catalogue?search=${name}+blue`);
  const card = page.getByRole("article", { name, exact: true });
  await expect(card.getByRole("radio", { name: "Blue", exact: true })).toBeChecked();
  await expect(card.getByRole("radio", { name: "S (not with what else is chosen)" })).toBeVisible();
  await card.getByRole("radio", { name: "Red" }).check();
  await operator.client.products.update({ productId: products[1]?.id ?? 0, available: false });
  await page.reload();
  await card.getByRole("radio", { name: /^S/ }).check();
  await expect(card.getByRole("radio", { name: "Red" })).toBeChecked();
  await expect(card.getByRole("radio", { name: "M (not with what else is chosen)" })).toBeVisible();
});

test("items of one family stand on one card of the sale, and each is bought by itself with one click", async ({
  visit,
  operator,
  newProduct,
  newSale,
  newBuyer,
}) => {
  const { name, products } = await makeShirt(operator, newProduct);
  const sale = await newSale({
    items: products.map(({ id: productId, name: itemName }, index) => ({
      ...{ productId, name: itemName, priceCents: 1_000 + index, stock: 5 },
      ...(index === 0 && { limitPerCustomer: 1 }),
    })),
  });
  const buyer = await newBuyer();
  const page = await visit(`/sales/${sale.id}`, { as: buyer });
  const card = page.getByRole("article", { name, exact: true });
  await expect(card).toContainText("Limit: 1 per customer");
  await card.getByRole("radio", { name: "M", exact: true }).check();
  await expect(card).not.toContainText("Limit: 1 per customer");
  await expect(card).toContainText("€10.01");
  await card.getByRole("button", { name: `Buy ${products[1]?.name}` }).click();
  await expect(card.getByRole("status").filter({ hasText: `${products[1]?.name} is yours` })).toBeAttached();
  // What was bought stays in view beside what is chosen next.
  await card.getByRole("radio", { name: "S", exact: true }).check();
  await expect(card.getByRole("region", { name: `Receipt for ${products[1]?.name}` })).toBeVisible();
  await card.getByRole("button", { name: `Buy ${products[0]?.name}` }).click();
  await expect.poll(async () => (await buyer.client.purchases.mine()).items.length).toBe(2);
  // An address of an item shows that one.
  await page.goto(`/sales/${sale.id}#item-${sale.items[2]?.id}`);
  await page.reload();
  await expect(card.getByRole("radio", { name: "Blue", exact: true })).toBeChecked();
});

for (const colorScheme of ["light", "dark"] as const) {
  test(`cards of families are accessible in ${colorScheme} mode, wide and narrow`, async ({
    visit,
    operator,
    newProduct,
    newSale,
  }) => {
    test.slow();
    const { name, products } = await makeShirt(operator, newProduct);
    const items = products.map(({ id: productId }) => ({ productId, priceCents: 1_000, stock: 1 }));
    const sale = await newSale({ items: [...items, {}] });
    for (const viewport of SCREENS) {
      const page = await visit(`/catalogue?search=${name}`, { viewport, colorScheme, reducedMotion: "reduce" });
      await expect(page.getByRole("radio", { name: "Red" })).toBeVisible();
      await look(page, `catalogue-${viewport.width}`);
      await page.goto(`/sales/${sale.id}`);
      await expect(page.getByRole("radio", { name: "Red" })).toBeVisible();
      await look(page, `sale-${viewport.width}`);
      await page.close();
    }
  });
}

async function look(page: Page, name: string): Promise<void> {
  await expectAccessible(page, name);
  await expectNoSidewaysScroll(page, name);
}

const SCREENS = [
  { width: 360, height: 740 },
  { width: 1440, height: 900 },
];

/** S in red, M in red and in blue. */
async function makeShirt(operator: Account, newProduct: (product: { name: string }) => Promise<Product>) {
  const name = `Shirt${crypto.randomUUID().slice(0, 8)}`;
  const values = [
    ["S", "Red"],
    ["M", "Red"],
    ["M", "Blue"],
  ];
  const products: Product[] = [];
  for (const each of values) products.push(await newProduct({ name: [name, ...each].join(" ") }));
  await operator.client.families.create({
    name,
    optionNames: ["Size", "Colour"],
    variants: products.map(({ id: productId }, index) => ({ productId, values: values[index] ?? [] })),
  });
  return { name, products };
}

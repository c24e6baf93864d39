import type { Account } from "./accounts.ts";
import { ChaosPage } from "./console-page.ts";
import { ItemCard } from "./sale-page.ts";
import { expect, itemOf, test } from "./test.ts";
import { takeFromWarehouse } from "./warehouse-stock.ts";

/** Breaker, back-off and a process that starts again: a warehouse that was broken takes its time. */
const RECOVERY = { timeout: 90_000 };

// An order is tried for 6 s before the page hears that it is dispatched later.
const ANSWER = { timeout: 20_000 };

// The console asks the warehouse while it is broken, and the browser itself notes each answer that it cannot.
test.use({ expectedConsoleErrors: /Failed to load resource: the server responded with a status of 503/ });

test("an operator breaks the warehouse, buyers go on buying, the operator mends it, and everything is dispatched once", async ({
  openBasket,
  visit,
  operator,
  newSale,
  newProduct,
  newBuyer,
}) => {
  test.setTimeout(180_000);
  const sale = await newSale({ items: [{ stock: 50, limitPerCustomer: 10 }] });
  const item = itemOf(sale);
  const product = await newProduct({ units: 20 });
  const [buyer, others] = [await newBuyer(), await newBuyer(1_000_000)];
  const onHand = (productId: number) => stockOf(operator, productId);
  await expect.poll(() => onHand(product.id), RECOVERY).toBe(20);
  await expect.poll(() => onHand(item.productId), RECOVERY).toBe(50);

  const console = await visit("/console/chaos", { as: operator });
  const chaos = new ChaosPage(console);
  await chaos.start("Cut connections");

  const page = await visit(`/sales/${sale.id}`, { as: buyer });
  const card = new ItemCard(page, item);
  await card.buy.click();
  await expect(card.receipt).toBeVisible();
  for (let count = 0; count < 9; count++) {
    await others.client.purchases.buy({ itemId: item.id });
    await others.client.orders.place({ lines: [{ productId: product.id, quantity: 1 }] });
  }
  const { page: shop, basket } = await openBasket([[product, 2]], { as: buyer });
  await basket.pay.click();
  await expect(basket.receipt).toContainText("paid, being dispatched", ANSWER);
  await shop.goto("/orders");
  const order = shop.getByRole("list", { name: "Purchases" }).getByRole("listitem").first();
  await expect(order).toContainText("Paid, being dispatched");
  await page.goto("/purchases?show=sales");
  const purchase = page.getByRole("list", { name: "Purchases" }).getByRole("listitem").first();
  await expect(purchase).toContainText("Paid");
  await expect(console.getByRole("list", { name: "At a glance" })).toContainText("Breaker open", RECOVERY);
  await console.screenshot({ path: test.info().outputPath("broken.png"), fullPage: true });
  await chaos.mend();

  // Both pages are open, and nobody touches them.
  await expect(order).toContainText("Dispatched", RECOVERY);
  await expect(purchase).toContainText("Dispatched", RECOVERY);
  await expect(chaos.verdict.getByRole("status")).toContainText("Everything exactly once", RECOVERY);
  await expect(chaos.verdict).toContainText("0 lost, 0 doubled, 0 waiting");
  await console.screenshot({ path: test.info().outputPath("mended.png"), fullPage: true });
  expect(await onHand(item.productId)).toBe(40);
  expect(await onHand(product.id)).toBe(9);
  const verdict = await operator.client.operations.verdict();
  expect(verdict).toMatchObject({ counts: { lost: 0, doubled: 0, waiting: 0 }, agrees: true });
});

test("a warehouse that crashes with a dispatch on disk and unanswered sends it once", async ({
  openBasket,
  visit,
  operator,
  newProduct,
}) => {
  test.setTimeout(180_000);
  const product = await newProduct({ units: 20 });
  await expect.poll(() => stockOf(operator, product.id), RECOVERY).toBe(20);
  const console = await visit("/console/chaos", { as: operator });
  const chaos = new ChaosPage(console);
  await chaos.fault("Crash").getByRole("button", { name: "Start: Crash" }).click();
  await console.getByRole("dialog").getByRole("button", { name: "Crash it" }).click();
  await expect(chaos.fault("Crash")).toContainText(/On, .* left/);

  const { page, basket } = await openBasket([[product, 5]]);
  await basket.pay.click();
  await expect(basket.receipt).toBeVisible(ANSWER);
  await page.goto("/orders");
  await expect(page.getByRole("list", { name: "Purchases" }).getByRole("listitem").first()).toContainText(
    "Dispatched",
    RECOVERY,
  );
  await expect(chaos.verdict.getByRole("status")).toContainText("Everything exactly once", RECOVERY);
  expect(await stockOf(operator, product.id)).toBe(15);
  const { items } = await operator.client.warehouse.updates({ productId: product.id });
  expect(items.map(({ quantityChange }) => quantityChange)).toEqual([-5, 20]);
});

test("an order that the warehouse refuses for good is rejected, and its money is in the wallet again", async ({
  openBasket,
  product: shop,
  operator,
  newProduct,
  newBuyer,
}) => {
  const [product, buyer] = [await newProduct({ units: 10, priceCents: 2_500 }), await newBuyer(100_000)];
  await expect.poll(() => stockOf(operator, product.id), RECOVERY).toBe(10);
  await using _taken = await takeFromWarehouse(shop, product, 9);
  const { page, basket } = await openBasket([[product, 2]], { as: buyer });
  await basket.pay.click();
  await expect(basket.receipt).toContainText("It cannot be sent", ANSWER);
  await expect(basket.receipt).toContainText("Your money is back in your wallet");
  await expect(basket.receipt).toContainText("The warehouse has too few of it.");
  await expect(page.getByRole("banner").getByRole("link", { name: "Wallet balance €1,000.00" })).toBeVisible();
  await basket.receipt.getByRole("link", { name: "Your purchases" }).click();
  const order = page.getByRole("list", { name: "Purchases" }).getByRole("listitem").first();
  await expect(order).toContainText("Not dispatched");
  await expect(order).toContainText(/€50\.00 went back to your wallet on .+\. The warehouse has too few of it\./);
  await expect(order.getByText(/money|wallet|given back/i)).toHaveCount(1);
  await page.screenshot({ path: test.info().outputPath("rejected-order.png"), fullPage: true });
  const [stored] = (await buyer.client.orders.mine()).items;
  expect(stored).toMatchObject({ status: "rejected" });
  expect(await buyer.client.wallets.mine()).toMatchObject({ balanceCents: 100_000 });
  expect((await operator.client.products.list({ productIds: [product.id] })).items).toMatchObject([{ units: 10 }]);
});

test("a purchase that the warehouse refuses for good is given back: the money to the buyer, the unit to the sale", async ({
  visit,
  product: shop,
  operator,
  newSale,
  newBuyer,
}) => {
  const [sale, buyer] = [await newSale({ items: [{ stock: 5, priceCents: 1_999 }] }), await newBuyer(100_000)];
  const item = itemOf(sale);
  await expect.poll(() => stockOf(operator, item.productId), RECOVERY).toBe(5);
  await using _taken = await takeFromWarehouse(shop, { id: item.productId, name: item.name }, 5);
  const page = await visit(`/sales/${sale.id}`, { as: buyer });
  const card = new ItemCard(page, item);
  await card.buy.click();
  await expect(card.receipt).toBeVisible();
  await page.getByRole("navigation", { name: "Main" }).getByRole("link", { name: "Purchases" }).click();
  const purchase = page.getByRole("list", { name: "Purchases" }).getByRole("listitem").first();
  await expect(purchase).toContainText("Not dispatched", ANSWER);
  await expect(purchase).toContainText("€19.99 went back to your wallet on");
  await expect(page.getByRole("banner").getByRole("link", { name: "Wallet balance €1,000.00" })).toBeVisible();
  expect(await buyer.client.wallets.mine()).toMatchObject({ balanceCents: 100_000 });
  expect(itemOf(await operator.client.sales.byId({ saleId: sale.id })).remaining).toBe(5);
});

for (const [status, words] of [
  ["paid", "Paid"],
  ["dispatching", "Paid, being dispatched"],
  ["dispatched", "Dispatched"],
  ["rejected", "Not dispatched"],
  ["refunded", "Refunded"],
] as const) {
  test(`a purchase that is ${status} says so, and the list is ${status === "paid" || status === "dispatching" ? "" : "not "}read again`, async ({
    visit,
    newSale,
    newBuyer,
  }) => {
    const [sale, buyer] = [await newSale(), await newBuyer()];
    await buyer.client.purchases.buy({ itemId: itemOf(sale).id });
    const page = await visit("/", { as: buyer });
    await page.clock.install();
    let reads = 0;
    await page.route("**/trpc/purchases.mine*", async (route) => {
      reads += 1;
      const answer = (await (await route.fetch()).text()).replace(/"status":"\w+"/, `"status":"${status}"`);
      await route.fulfill({ contentType: "application/json", body: answer });
    });
    await page.getByRole("navigation", { name: "Main" }).getByRole("link", { name: "Purchases" }).click();
    const purchase = page.getByRole("list", { name: "Purchases" }).getByRole("listitem").first();
    await expect(purchase.getByText(words, { exact: true })).toBeVisible();
    await page.clock.fastForward(10_000);
    if (status === "paid" || status === "dispatching") await expect.poll(() => reads).toBeGreaterThan(1);
    else {
      // What the page asked for before this has been counted when this is answered.
      await page.evaluate(async () => (await fetch("/health/live")).status);
      expect(reads).toBe(1);
    }
    // One more may be on its way.
    await page.unrouteAll({ behavior: "ignoreErrors" });
  });
}

async function stockOf(operator: Account, productId: number): Promise<number | undefined> {
  // What has been dispatched stands in the history at once; a warehouse that is starting again has none to show.
  const newest = await operator.client.warehouse.updates({ productId, limit: 1 }).catch(() => undefined);
  return newest?.items[0]?.newStock;
}

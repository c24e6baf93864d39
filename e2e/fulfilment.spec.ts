import type { Account } from "./accounts.ts";
import { openBasket } from "./basket-page.ts";
import { ChaosPage } from "./console-page.ts";
import { ItemCard } from "./sale-page.ts";
import { expect, itemOf, test } from "./test.ts";

/** Breaker, back-off and a process that starts again: a warehouse that was broken takes its time. */
const RECOVERY = { timeout: 90_000 };

// An order is tried for 6 s before the page hears that it is dispatched later.
const ANSWER = { timeout: 20_000 };

// The console asks the warehouse while it is broken, and the browser itself notes each answer that it cannot.
test.use({ expectedConsoleErrors: /Failed to load resource: the server responded with a status of 503/ });

test("an operator breaks the warehouse, buyers go on buying, the operator mends it, and everything is dispatched once", async ({
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
  const { page: shop, basket } = await openBasket({ visit }, buyer, [[product, 2]]);
  await basket.pay.click();
  await expect(basket.receipt).toContainText("paid, being dispatched", ANSWER);
  await shop.goto("/orders");
  const order = shop.getByRole("list", { name: "Orders" }).getByRole("listitem").first();
  await expect(order).toContainText("Paid, being dispatched");
  await page.goto("/purchases");
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
  visit,
  operator,
  newProduct,
  newBuyer,
}) => {
  test.setTimeout(180_000);
  const product = await newProduct({ units: 20 });
  const buyer = await newBuyer();
  await expect.poll(() => stockOf(operator, product.id), RECOVERY).toBe(20);
  const console = await visit("/console/chaos", { as: operator });
  const chaos = new ChaosPage(console);
  await chaos.fault("Crash").getByRole("button", { name: "Start: Crash" }).click();
  await console.getByRole("dialog").getByRole("button", { name: "Crash it" }).click();
  await expect(chaos.fault("Crash")).toContainText(/On, .* left/);

  const { page, basket } = await openBasket({ visit }, buyer, [[product, 5]]);
  await basket.pay.click();
  await expect(basket.receipt).toBeVisible(ANSWER);
  await page.goto("/orders");
  await expect(page.getByRole("list", { name: "Orders" }).getByRole("listitem").first()).toContainText(
    "Dispatched",
    RECOVERY,
  );
  await expect(chaos.verdict.getByRole("status")).toContainText("Everything exactly once", RECOVERY);
  expect(await stockOf(operator, product.id)).toBe(15);
  const { items } = await operator.client.warehouse.updates({ productId: product.id });
  expect(items.map(({ quantityChange }) => quantityChange)).toEqual([-5, 20]);
});

async function stockOf(operator: Account, productId: number): Promise<number | undefined> {
  // What has been dispatched stands in the history at once; a warehouse that is starting again has none to show.
  const newest = await operator.client.warehouse.updates({ productId, limit: 1 }).catch(() => undefined);
  return newest?.items[0]?.newStock;
}

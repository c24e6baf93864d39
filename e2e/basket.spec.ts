import { BasketPage, fillBasket } from "./basket-page.ts";
import { signIn } from "./signed-in.ts";
import { expect, test } from "./test.ts";

test("a visitor's basket survives a reload, and signing in", async ({ visit, newProduct, newBuyer }) => {
  const lamp = await newProduct({ priceCents: 1_250 });
  const buyer = await newBuyer();
  const page = await visit("/catalogue");
  await fillBasket(page, lamp, 2);
  await page.reload();
  await expect(page.getByRole("link", { name: "2 in your basket" })).toBeVisible();
  await page.getByRole("link", { name: "Basket, 2 in it" }).click();
  const basket = new BasketPage(page);
  await expect(basket.quantity(lamp)).toHaveValue("2");
  await expect(basket.summary).toContainText("€25.00");

  await basket.summary.getByRole("button", { name: "Sign in to pay" }).click();
  await signIn(page, buyer);
  await expect(basket.pay).toHaveText("Pay €25.00");
  expect(new URL(page.url()).pathname).toBe("/basket");
  await expect(basket.summary).toContainText("In your wallet€1,000.00");
  await expect(basket.summary).toContainText("Left after this order€975.00");
});

test("another tab follows every change", async ({ visit, newProduct }) => {
  const lamp = await newProduct();
  const first = await visit("/catalogue");
  await fillBasket(first, lamp);
  const second = await visit("/basket", { besides: first });
  const basket = new BasketPage(second);
  await expect(basket.quantity(lamp)).toHaveValue("1");
  await first.getByRole("button", { name: /^Add one more/ }).click();
  await expect(basket.quantity(lamp)).toHaveValue("2");
  await basket
    .line(lamp)
    .getByRole("button", { name: /^Remove/ })
    .click();
  await expect(first.getByRole("link", { name: /in your basket/ })).toHaveCount(0);
});

test("quantities are changed by steps and by typing, and what is removed can be put back", async ({
  visit,
  newProduct,
}) => {
  const lamp = await newProduct({ priceCents: 1_000, units: 500 });
  const page = await visit("/catalogue");
  await fillBasket(page, lamp);
  await page.goto("/basket");
  const basket = new BasketPage(page);
  const quantity = basket.quantity(lamp);
  await basket
    .line(lamp)
    .getByRole("button", { name: /^One more/ })
    .click();
  await expect(quantity).toHaveValue("2");
  await quantity.fill("7");
  await quantity.press("Enter");
  await expect(basket.summary).toContainText("€70.00");
  for (const [typed, becomes] of [
    ["250", "100"],
    ["0", "1"],
    ["x", "1"],
    ["", "1"],
  ] as const) {
    await quantity.fill(typed);
    await quantity.blur();
    await expect(quantity).toHaveValue(becomes);
  }
  await quantity.fill("3");
  await quantity.blur();
  await basket
    .line(lamp)
    .getByRole("button", { name: /^Remove/ })
    .click();
  await expect(basket.lines).toHaveCount(0);
  await expect(page.getByText("Nothing in it yet")).toBeVisible();
  await page.getByRole("button", { name: "Undo" }).click();
  await expect(quantity).toHaveValue("3");
  await page.reload();
  await expect(quantity).toHaveValue("3");
});

test("says which prices have changed, and what is no longer for sale", async ({ openBasket, operator, newProduct }) => {
  const [lamp, stool] = [await newProduct({ priceCents: 1_000 }), await newProduct({ priceCents: 4_000 })];
  const { buyer, page, basket } = await openBasket([
    [lamp, 2],
    [stool, 1],
  ]);
  await expect(basket.pay).toHaveText("Pay €60.00");
  await operator.client.products.update({ productId: lamp.id, priceCents: 1_500 });
  await operator.client.products.update({ productId: stool.id, available: false });
  await page.reload();
  await expect(page.getByText(`${lamp.name}: €10.00 before, €15.00 now`)).toBeVisible();
  await expect(page.getByRole("alert").filter({ hasText: "no longer for sale" })).toContainText(stool.name);
  await expect(basket.pay).toHaveText("Pay €30.00");
  await expect(basket.pay).toBeDisabled();
  await page.screenshot({ path: test.info().outputPath("changed.png"), fullPage: true });
  await page.getByRole("button", { name: "All right" }).click();
  await expect(page.getByText("A price has changed")).toHaveCount(0);
  await page.getByRole("button", { name: "Remove it" }).click();
  await basket.pay.click();
  await expect(basket.receipt).toContainText("€30.00");
  expect((await buyer.client.orders.mine()).items).toMatchObject([{ amountCents: 3_000 }]);
});

test("says which line is short and by how much, and sets it to what is there", async ({
  openBasket,
  newProduct,
  newBuyer,
}) => {
  const [lamp, stool] = [await newProduct({ units: 5 }), await newProduct({ units: 9 })];
  const rival = await newBuyer();
  const { buyer, page, basket } = await openBasket([
    [lamp, 5],
    [stool, 1],
  ]);
  await rival.client.orders.place({ lines: [{ productId: lamp.id, quantity: 3 }] });
  await basket.pay.click();
  const failed = basket.refusal.getByRole("listitem");
  await expect(failed).toHaveCount(1);
  await expect(failed).toContainText(lamp.name);
  await expect(failed).toContainText("5 asked for, 2 there: 3 short");
  await expect(basket.line(lamp)).toContainText("Only 2 left: 3 too many.");
  await page.screenshot({ path: test.info().outputPath("shortage.png"), fullPage: true });
  await failed.getByRole("button", { name: "Set to 2" }).click();
  await expect(basket.refusal).toHaveCount(0);
  await expect(basket.quantity(lamp)).toHaveValue("2");
  await basket.pay.click();
  await expect(basket.receipt).toContainText(`2 × ${lamp.name}`);
  const { items: orders } = await buyer.client.orders.mine();
  expect(orders.map(({ lines }) => lines.map(({ quantity }) => quantity))).toEqual([[2, 1]]);
});

test("says before paying what cannot come in one parcel with the rest, and orders it by itself", async ({
  openBasket,
  operator,
  newProduct,
}) => {
  const { items: products } = await operator.client.products.list({ limit: 100 });
  const elsewhere = products
    .flatMap(({ stock }) => stock)
    .find(({ warehouseName }) => !warehouseName.startsWith("Main"));
  if (!elsewhere) throw new Error("The demo has a second warehouse");
  const lamp = await newProduct({ units: 10 });
  const stool = await newProduct({ units: 0 });
  await operator.client.products.receive({ productId: stool.id, warehouseId: elsewhere.warehouseId, units: 5 });
  const { buyer, page, basket } = await openBasket([
    [lamp, 1],
    [stool, 1],
  ]);
  await expect(basket.line(stool)).toContainText("Lies in another warehouse than the rest");
  await expect(basket.line(lamp)).not.toContainText("warehouse");
  await basket.pay.click();
  await expect(basket.refusal).toContainText("This cannot come in one parcel");
  await page.screenshot({ path: test.info().outputPath("apart.png"), fullPage: true });
  await basket
    .line(lamp)
    .getByRole("button", { name: /^Remove/ })
    .click();
  await basket.pay.click();
  await expect(basket.receipt).toContainText(stool.name);
  expect((await buyer.client.orders.mine()).items).toMatchObject([{ warehouseId: elsewhere.warehouseId }]);
});

test("who has too little is told how much is missing, tops up by that, and goes on", async ({
  openBasket,
  newProduct,
}) => {
  const lamp = await newProduct({ priceCents: 3_000 });
  const { page, basket } = await openBasket([[lamp, 1]], { balanceCents: 1_000 });
  await expect(basket.summary).toContainText("Missing · Top up€20.00");
  await basket.pay.click();
  await expect(basket.refusal).toContainText("Not enough in your wallet");
  await basket.refusal.getByRole("button", { name: "Top up wallet" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Add €20.00" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Back to the purchase" }).click();
  await expect(basket.refusal).toHaveCount(0);
  await expect(basket.summary).not.toContainText("Missing");
  await basket.pay.click();
  await expect(basket.receipt).toContainText("Balance after€0.00");
});

test("an order stands in the history and in the statement, and so does its refund", async ({
  openBasket,
  operator,
  newProduct,
}) => {
  const lamp = await newProduct({ priceCents: 2_000 });
  const { buyer, page, basket } = await openBasket([[lamp, 2]], { balanceCents: 10_000 });
  await basket.pay.click();
  await expect(basket.receipt).toBeVisible();
  await expect(page.getByRole("link", { name: "Wallet balance €60.00" })).toBeVisible();
  await basket.receipt.getByRole("link", { name: "Your purchases" }).click();
  const order = page.getByRole("list", { name: "Purchases" }).getByRole("listitem", { name: /^Order / });
  await expect(order).toContainText("Dispatched");
  await expect(order).toContainText(`2 × ${lamp.name}`);

  const [placed] = (await buyer.client.orders.mine()).items;
  if (!placed) throw new Error("The order is not in the history");
  await operator.client.orders.refund({ orderId: placed.orderId, reason: "Sent back unopened" });
  await page.reload();
  await expect(order).toContainText("Refunded");
  await expect(order).toContainText("Sent back unopened");
  await page.screenshot({ path: test.info().outputPath("refunded-order.png"), fullPage: true });
  await page.goto("/wallet");
  const rows = page.getByRole("table", { name: "Statement" }).getByRole("row");
  await expect(rows.nth(1)).toContainText("Order refund");
  await expect(rows.nth(1)).toContainText("+€40.00");
  await expect(rows.nth(2)).toContainText("Order");
  await expect(rows.nth(2)).toContainText("-€40.00");
  await page.screenshot({ path: test.info().outputPath("statement.png"), fullPage: true });
});

test("a browser that keeps nothing says so", async ({ visit }) => {
  const page = await visit("/no-such-page");
  await page.addInitScript(() => {
    Object.defineProperty(window, "localStorage", {
      get() {
        throw new DOMException("The operation is insecure.", "SecurityError");
      },
    });
  });
  await page.goto("/basket");
  await expect(page.getByRole("main")).toContainText("This browser keeps nothing");
});

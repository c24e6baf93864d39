import { expectAccessible, expectNoSidewaysScroll, PHONE, tabTo } from "./accessible.ts";
import { BasketPage, fillBasket } from "./basket-page.ts";
import { expect, test } from "./test.ts";

for (const colorScheme of ["light", "dark"] as const) {
  test(`catalogue, basket and orders are accessible in ${colorScheme} mode`, async ({
    visit,
    operator,
    newProduct,
    newBuyer,
  }) => {
    test.slow();
    const word = `w${crypto.randomUUID().slice(0, 8)}`;
    const lamp = await newProduct({ name: `Lamp ${word}`, units: 5, imageUrl: "/images/lamp.svg" });
    const [stool, shelf] = [await newProduct({ name: `Stool ${word}` }), await newProduct({ name: `Shelf ${word}` })];
    await newProduct({ name: `Gone ${word}`, units: 0 });
    const [buyer, rival] = [await newBuyer(8_000), await newBuyer()];
    const page = await visit(`/catalogue?search=${word}`, { colorScheme, reducedMotion: "reduce" });
    await expect(page.getByRole("article")).toHaveCount(4);
    await expectAccessible(page, "catalogue");
    await page.goto("/catalogue?search=nothing-of-the-kind");
    await expect(page.getByRole("heading", { name: "Nothing matches" })).toBeVisible();
    await expectAccessible(page, "nothing-found");
    await page.goto("/basket");
    await expect(page.getByText("Nothing in it yet")).toBeVisible();
    await expectAccessible(page, "basket-empty");

    const signedIn = await visit("/orders", { as: buyer, colorScheme, reducedMotion: "reduce" });
    await expect(signedIn.getByText("No orders yet")).toBeVisible();
    await expectAccessible(signedIn, "orders-empty");
    await fillBasket(signedIn, lamp, 3);
    await fillBasket(signedIn, stool);
    await fillBasket(signedIn, shelf);
    await signedIn.goto("/basket");
    const basket = new BasketPage(signedIn);
    await expect(basket.pay).toBeEnabled();
    await expectAccessible(signedIn, "basket");
    await rival.client.orders.place({ lines: [{ productId: lamp.id, quantity: 4 }] });
    await basket.pay.click();
    await expect(basket.refusal).toBeVisible();
    await expect(basket.line(lamp)).toContainText("Only 1 left");
    await expectAccessible(signedIn, "basket-short");
    await operator.client.products.update({ productId: shelf.id, available: false });
    await operator.client.products.update({ productId: stool.id, priceCents: 2_600 });
    await signedIn.reload();
    await expect(signedIn.getByText("A price has changed")).toBeVisible();
    await expectAccessible(signedIn, "basket-changed");
    await signedIn.getByRole("button", { name: "Remove it" }).click();
    await basket.line(lamp).getByRole("button", { name: "Set to 1" }).click();
    await basket.pay.click();
    await expect(basket.receipt).toBeVisible();
    await expectAccessible(signedIn, "basket-receipt");
    await basket.receipt.getByRole("link", { name: "Your purchases" }).click();
    await expect(signedIn.getByRole("list", { name: "Purchases" })).toBeVisible();
    await expectAccessible(signedIn, "orders");
  });
}

test("a basket is filled, changed and ordered without a mouse", async ({ visit, newProduct, newBuyer }) => {
  const lamp = await newProduct({ units: 3 });
  const page = await visit(`/catalogue?search=${encodeURIComponent(lamp.name)}`, { as: await newBuyer() });
  const add = page.getByRole("button", { name: /^Add to basket/ });
  await expect(add).toBeEnabled();
  await tabTo(page, add);
  await page.keyboard.press("Enter");
  await tabTo(page, page.getByRole("link", { name: "1 in your basket" }));
  await page.keyboard.press("Enter");
  const basket = new BasketPage(page);
  const more = basket.line(lamp).getByRole("button", { name: /^One more/ });
  await expect(basket.pay).toBeEnabled();
  await tabTo(page, more);
  await page.keyboard.press("Space");
  await expect(basket.quantity(lamp)).toHaveValue("2");
  await tabTo(page, basket.pay);
  await page.keyboard.press("Enter");
  await expect(basket.receipt).toBeVisible();
  await tabTo(page, basket.receipt.getByRole("button", { name: "Done" }));
  await page.keyboard.press("Space");
  await expect(basket.receipt).toHaveCount(0);
  // Whoever closes the receipt is not thrown back to the top of the page.
  await expect.poll(() => page.evaluate(() => document.activeElement?.tagName)).not.toBe("BODY");
});

test("catalogue, basket and orders fit a phone", async ({ visit, newProduct, newBuyer }) => {
  const lamp = await newProduct({
    name: `A lamp whose name is rather long for a small screen ${crypto.randomUUID().slice(0, 8)}`,
    priceCents: 1_234_500,
  });
  const page = await visit("/catalogue", { as: await newBuyer(10_000_000), ...PHONE });
  await expect(page.getByRole("article").first()).toBeVisible();
  await expectNoSidewaysScroll(page, "phone-catalogue");
  await page.goto(`/catalogue?search=${encodeURIComponent(lamp.name)}`);
  await page.getByRole("button", { name: /^Add to basket/ }).tap();
  await page.getByRole("link", { name: /^Basket/ }).tap();
  const basket = new BasketPage(page);
  await expect(basket.pay).toBeEnabled();
  await expectNoSidewaysScroll(page, "phone-basket");
  await basket.pay.tap();
  await expect(basket.receipt).toBeVisible();
  await expectNoSidewaysScroll(page, "phone-receipt");
  await page.goto("/orders");
  await expect(page.getByRole("list", { name: "Purchases" })).toBeVisible();
  await expectNoSidewaysScroll(page, "phone-orders");
});

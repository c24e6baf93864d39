import { expectAccessible, expectNoSidewaysScroll, PHONE, tabTo } from "./accessible.ts";
import { ItemCard } from "./sale-page.ts";
import { expect, itemOf, test } from "./test.ts";

for (const colorScheme of ["light", "dark"] as const) {
  test(`every page is accessible in ${colorScheme} mode`, async ({ visit, newSale, newBuyer }) => {
    test.slow();
    const items = [
      { name: "Brass lamp", limitPerCustomer: 3 },
      { name: "Gone lamp", stock: 0 },
      { name: "Dear lamp", priceCents: 900_000 },
    ];
    const sale = await newSale({ items });
    const scheduled = await newSale({ startsAt: new Date(Date.now() + 1_800_000).toISOString() });
    const buyer = await newBuyer();
    await buyer.client.purchases.buy({ itemId: itemOf(sale).id });

    const visitor = await visit(`/sales/${sale.id}`, { colorScheme, reducedMotion: "reduce" });
    await expect(new ItemCard(visitor, itemOf(sale)).buy).toBeVisible();
    await expectAccessible(visitor, "sale-signed-out");
    for (const path of ["/", "/sign-in", "/sign-up", `/sales/${scheduled.id}`, "/no-such-page"]) {
      await visitor.goto(path);
      await expect(visitor.getByRole("heading", { level: 1 })).toBeVisible();
      await expectAccessible(visitor, path.slice(1).replaceAll("/", "-") || "home");
    }

    const page = await visit(`/sales/${sale.id}`, { as: buyer, colorScheme, reducedMotion: "reduce" });
    const bought = new ItemCard(page, itemOf(sale, 0));
    await bought.buy.click();
    await expect(bought.receipt).toBeVisible();
    const tooDear = new ItemCard(page, itemOf(sale, 2));
    await tooDear.buy.click();
    await expect(tooDear.refusal).toBeVisible();
    await expectAccessible(page, "sale-receipt-and-refusal");
    await page.goto("/purchases");
    await expect(page.getByRole("listitem").filter({ hasText: "Brass lamp" }).first()).toBeVisible();
    await expectAccessible(page, "purchases");
    await page.goto("/wallet");
    await expect(page.getByRole("table", { name: "Statement" }).getByRole("row").nth(1)).toBeVisible();
    await expectAccessible(page, "wallet");
    await page.getByRole("main").getByRole("button", { name: "Top up" }).click();
    await expect(page.getByRole("dialog")).toBeVisible();
    await expectAccessible(page, "top-up");
  });
}

test("a purchase needs no mouse", async ({ visit, newSale, newBuyer }) => {
  const sale = await newSale();
  const page = await visit(`/sales/${sale.id}`, { as: await newBuyer() });
  const { buy, receipt } = new ItemCard(page, itemOf(sale));
  await expect(buy).toBeEnabled();
  await tabTo(page, buy);
  await page.keyboard.press("Enter");
  await expect(receipt).toBeVisible();
  const done = receipt.getByRole("button", { name: "Done" });
  await tabTo(page, done);
  await page.keyboard.press("Space");
  await expect(receipt).toHaveCount(0);
  // Whoever closes the receipt is not thrown back to the top of the page.
  await expect.poll(() => page.evaluate(() => document.activeElement?.tagName)).not.toBe("BODY");
});

test("every page fits a phone, and buying works with a thumb", async ({ visit, newSale, newBuyer }) => {
  const sale = await newSale({
    items: [{ name: "A lamp whose name is rather long for a small screen", limitPerCustomer: 5 }],
  });
  const buyer = await newBuyer();
  const page = await visit(`/sales/${sale.id}`, { as: buyer, ...PHONE });
  const { buy, receipt } = new ItemCard(page, itemOf(sale));
  await buy.tap();
  await expect(receipt).toBeVisible();
  await expectNoSidewaysScroll(page, "phone-receipt");
  for (const path of [`/sales/${sale.id}`, "/", "/purchases", "/wallet", "/no-such-page"]) {
    await page.goto(path);
    await expect(page.getByRole("heading", { level: 1 })).toBeVisible();
    await expectNoSidewaysScroll(page, `phone-${path.slice(1).replaceAll("/", "-") || "home"}`);
  }
  const visitor = await visit("/sign-up", PHONE);
  await expect(visitor.getByRole("heading", { level: 1 })).toBeVisible();
  await expectNoSidewaysScroll(visitor, "phone-sign-up");
});

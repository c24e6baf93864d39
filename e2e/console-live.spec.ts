import type { Page } from "@playwright/test";
import { expectAccessible, expectNoSidewaysScroll } from "./accessible.ts";
import { openStore } from "./store.ts";
import { expect, itemOf, test } from "./test.ts";

test("operators watch a sale come to what the records say, without a reload, and the same after one", async ({
  visit,
  operator,
  newSale,
  newBuyer,
}) => {
  const sale = await newSale({ items: [{ stock: 3, priceCents: 1_000 }, { stock: 50 }] });
  const [first, second] = [itemOf(sale), itemOf(sale, 1)];
  // What was before is there, too.
  const buyers = [await newBuyer(), await newBuyer()];
  const buy = (itemId: number, quantity = 1) =>
    Promise.all(buyers.map(({ client }) => client.purchases.buy({ itemId, quantity })));
  await buy(first.id);
  const page = await visit(`/console/sales/${sale.id}/live`, { as: operator });
  await expect(page.getByRole("heading", { name: sale.name })).toBeVisible();
  await expect(figure(page, "Units sold")).toHaveText("2");
  await expect(page.getByRole("timer").filter({ hasText: "ends in" })).toBeVisible();

  await buy(first.id, 2);
  await buy(second.id, 4);
  await expect(figure(page, "Units sold")).toHaveText("10");
  const seen = {
    "Money taken": "€179.92",
    "Demand not met": "4",
  };
  for (const [title, text] of Object.entries(seen)) await expect(figure(page, title)).toHaveText(text);
  const rows = page.getByRole("table", { name: "Items" }).getByRole("row");
  await expect(rows.filter({ hasText: first.name })).toContainText("1");
  await expect(rows.filter({ hasText: second.name })).toContainText("42");
  await expect(page.getByRole("listitem").filter({ hasText: "Sold out" })).toContainText("2");
  await expect(page.getByRole("status", { name: "Summary" })).toContainText("Live.");

  await page.reload();
  await expect(figure(page, "Units sold")).toHaveText("10");
  for (const [title, text] of Object.entries(seen)) await expect(figure(page, title)).toHaveText(text);
  await expectAccessible(page, "live");
  // Another test's sale may be live too.
  await page.goto("/console/live");
  await expect(page).toHaveURL(/\/console\/sales\/\d+\/live$/);
  await page.goto(`/console/sales/${sale.id}/live`);

  await page.setViewportSize({ width: 1440, height: 900 });
  await page.emulateMedia({ colorScheme: "dark" });
  await page.getByRole("button", { name: "Full screen" }).click();
  await expectAccessible(page, "live-full-dark");
  await page.getByRole("button", { name: "Leave full screen" }).click();

  // A pause is seen where it was not made.
  const { edits } = await operator.client.sales.byId({ saleId: sale.id });
  await operator.client.sales.pause({ saleId: sale.id, edits });
  await expect(page.getByText("Paused", { exact: true })).toBeVisible();
});

test("it fills a screen, is left by Escape, fits a phone, and says when it is out of date", async ({
  visit,
  operator,
  newSale,
  product,
}) => {
  const sale = await newSale({
    startsAt: new Date(Date.now() + 3_600_000).toISOString(),
    endsAt: new Date(Date.now() + 7_200_000).toISOString(),
  });
  const page = await visit(`/console/sales/${sale.id}/live`, { as: operator });
  await expect(page.getByRole("timer").filter({ hasText: "starts in" })).toBeVisible();
  await page.getByRole("button", { name: "Full screen" }).click();
  await expect(page.getByRole("button", { name: "Leave full screen" })).toBeVisible();
  await page.screenshot({ path: test.info().outputPath("live-full.png") });
  await page.evaluate(() => document.exitFullscreen());
  await expect(page.getByRole("button", { name: "Full screen", exact: true })).toBeVisible();
  await page.setViewportSize({ width: 360, height: 740 });
  await expectNoSidewaysScroll(page, "live-phone");

  await using store = await openStore(product);
  const release = await store.holdCounts();
  await expect(page.getByText("Out of date.")).toBeVisible({ timeout: 30_000 });
  await release();
  await expect(page.getByText("Out of date.")).toBeHidden({ timeout: 30_000 });
});

function figure(page: Page, title: string) {
  return page.getByRole("term").filter({ hasText: title }).locator("xpath=following-sibling::dd[1]");
}

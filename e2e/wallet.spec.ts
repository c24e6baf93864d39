import type { Locator } from "@playwright/test";
import { PHONE } from "./accessible.ts";
import { expect, itemOf, test } from "./test.ts";

test("a top-up is in the balance and in the statement", async ({ visit, newBuyer }) => {
  const buyer = await newBuyer(1_000);
  const page = await visit("/wallet", { as: buyer });
  await page.getByRole("main").getByRole("button", { name: "Top up" }).click();
  const dialog = page.getByRole("dialog", { name: "Top up your wallet" });
  await dialog.getByText("Another amount").click();
  await dialog.getByRole("textbox", { name: "Other amount" }).fill("12.34");
  await dialog.getByRole("button", { name: "Add €12.34" }).dblclick();
  await expect(page.getByText("€12.34 was added.")).toBeVisible();
  await page.screenshot({ path: test.info().outputPath("topped-up.png") });
  await dialog.getByRole("button", { name: "Close" }).click();
  const rows = page.getByRole("table", { name: "Statement" }).getByRole("row");
  await expect(rows.nth(1)).toContainText("€12.34");
  await expect(rows.nth(1)).toContainText("€22.34");
  await expect(page.getByRole("link", { name: "Wallet balance €22.34" })).toBeVisible();
  expect(await buyer.client.wallets.mine()).toMatchObject({ balanceCents: 2_234 });
});

test.describe("over a broken connection", () => {
  test.use({ expectedConsoleErrors: /Failed to load resource: net::ERR_/ });

  test("a top-up whose answer is lost is credited once", async ({ visit, newBuyer }) => {
    const buyer = await newBuyer(0);
    const page = await visit("/wallet", { as: buyer });
    let tries = 0;
    await page.route("**/trpc/wallets.topUp*", async (route) => {
      tries += 1;
      if (tries > 1) return route.continue();
      await route.fetch();
      await route.abort("connectionreset");
    });
    await page.getByRole("main").getByRole("button", { name: "Top up" }).click();
    const dialog = page.getByRole("dialog", { name: "Top up your wallet" });
    await dialog.getByText("€25.00", { exact: true }).click();
    await dialog.getByRole("button", { name: /^Add/ }).click();
    await expect(page.getByText("€25.00 was added.")).toBeVisible();
    expect(tries).toBeGreaterThan(1);
    expect(await buyer.client.wallets.mine()).toMatchObject({ balanceCents: 2_500 });
  });
});

test("purchases and refunds stand in the list and in the statement, with the balance after each", async ({
  visit,
  newSale,
  newBuyer,
  operator,
}) => {
  const sale = await newSale();
  const item = itemOf(sale);
  const buyer = await newBuyer(10_000);
  const bought = await buyer.client.purchases.buy({ itemId: item.id, quantity: 2 });
  if (bought.outcome !== "purchased") throw new Error(bought.message);
  await operator.client.purchases.refund({ purchaseId: bought.purchaseId });

  const page = await visit("/purchases", { as: buyer });
  const entry = page.getByRole("list", { name: "Purchases" }).getByRole("listitem").filter({ hasText: item.name });
  await expect(entry.first()).toContainText("Buyer number 1");
  await expect(entry.first()).toContainText("Refunded");
  await page.getByRole("navigation", { name: "Main" }).getByRole("link", { name: "Wallet" }).click();
  const rows = page.getByRole("table", { name: "Statement" }).getByRole("row");
  await expect(rows.nth(1)).toContainText("€100.00");
  await expect(rows.nth(2)).toContainText("€60.02");
  await expect(rows.nth(3)).toContainText("€100.00");
});

test("large amounts of the statement are seen in full on the smallest phone", async ({ visit, operator, newBuyer }) => {
  const buyer = await newBuyer(999_999_999);
  const page = await visit("/wallet", { as: buyer, ...PHONE });
  const own = page.getByRole("table", { name: "Statement" });
  await expectWithinScreen(own);
  const person = await visit(`/console/people?user=${buyer.userId}`, { as: operator, ...PHONE });
  await expectWithinScreen(person.getByRole("table", { name: "Movements" }));
});

/** Each amount of it, and no part of it is to be reached by scrolling sideways alone. */
async function expectWithinScreen(table: Locator): Promise<void> {
  const balance = table.getByRole("row").nth(1).getByRole("cell", { name: "€9,999,999.99" }).last();
  await expect(balance).toBeVisible();
  const ends = await balance.evaluate((cell) => cell.getBoundingClientRect().right);
  expect(ends).toBeLessThanOrEqual(PHONE.viewport.width);
  const hidden = await table.evaluate(({ parentElement: box }) => (box ? box.scrollWidth - box.clientWidth : 0));
  expect(hidden).toBeLessThanOrEqual(0);
}

test("the dialog has the focus at the amount, gives it back to what opened it, and keeps it after success", async ({
  openSale,
}) => {
  const { page, buy, refusal } = await openSale({}, { balanceCents: 100 });
  await buy.click();
  const opener = refusal.getByRole("button", { name: "Top up wallet" });
  await opener.press("Enter");
  const dialog = page.getByRole("dialog", { name: "Top up your wallet" });
  await expect(dialog.getByRole("radio", { checked: true })).toBeFocused();
  await page.keyboard.press("Escape");
  await expect(dialog).toHaveCount(0);
  await expect(opener).toBeFocused();
  await opener.press("Enter");
  await dialog.getByRole("button", { name: /^Add/ }).click();
  await expect(dialog.getByRole("button", { name: "Back to the purchase" })).toBeFocused();
});

import { ItemCard } from "./sale-page.ts";
import { expect, itemOf, test } from "./test.ts";

test.describe("a page that only watches", () => {
  test("shows the stock that others leave", async ({ visit, newSale, newBuyer }) => {
    const sale = await newSale({ items: [{ stock: 10 }] });
    const buyer = await newBuyer();
    const page = await visit(`/sales/${sale.id}`);
    const { card } = new ItemCard(page, itemOf(sale));
    await expect(card.getByText("10 of 10 left")).toBeVisible();
    for (const left of [9, 8, 7]) {
      await buyer.client.purchases.buy({ itemId: itemOf(sale).id });
      await expect(card.getByText(`${left} of 10 left`)).toBeVisible();
    }
    await buyer.client.purchases.buy({ itemId: itemOf(sale).id, quantity: 7 });
    await expect(card.getByRole("button", { name: /^Buy/ })).toHaveCount(0);
    await expect(card.getByText("Sold out").last()).toBeVisible();
  });

  test("shows what an operator does to the sale", async ({ visit, newSale, operator }) => {
    const sale = await newSale({ items: [{ stock: 10 }] });
    const { saleId } = { saleId: sale.id };
    const page = await visit(`/sales/${saleId}`);
    const { card, buy } = new ItemCard(page, itemOf(sale));
    await expect(page.getByText("Live now")).toBeVisible();
    await expect(buy).toBeVisible();
    await operator.client.sales.pause({ saleId });
    await expect(card.getByText("Paused")).toBeVisible();
    await expect(buy).toHaveCount(0);
    await operator.client.sales.resume({ saleId });
    await expect(buy).toBeVisible();
    await operator.client.sales.adjustStock({ itemId: itemOf(sale).id, change: 5, reason: "Found some more" });
    await expect(card.getByText("15 of 15 left")).toBeVisible();
    await operator.client.sales.cancel({ saleId });
    await expect(card.getByText("Cancelled")).toBeVisible();
    await page.screenshot({ path: test.info().outputPath("cancelled.png"), fullPage: true });
  });

  test("counts down to a sale that has not started, and opens when it does", async ({ visit, newSale, operator }) => {
    const sale = await newSale({ startsAt: new Date(Date.now() + 1_800_000).toISOString() });
    const page = await visit(`/sales/${sale.id}`);
    const { card, buy } = new ItemCard(page, itemOf(sale));
    await expect(card.getByText("Not started yet")).toBeVisible();
    await expect(page.getByRole("timer")).toBeVisible();
    await page.screenshot({ path: test.info().outputPath("not-started.png"), fullPage: true });
    await operator.client.sales.update({ saleId: sale.id, startsAt: new Date(Date.now() + 4_000).toISOString() });
    await expect(buy).toBeVisible();
    await expect(page.getByText("Live now")).toBeVisible();
  });

  test("closes when the sale ends, and does not call sold out what went back", async ({ visit, newSale, operator }) => {
    const sale = await newSale({ endsAt: new Date(Date.now() + 3_000).toISOString() });
    const page = await visit(`/sales/${sale.id}`);
    const { card } = new ItemCard(page, itemOf(sale));
    await expect(card.getByText("Sale over")).toBeVisible();
    const remaining = async () => itemOf(await operator.client.sales.byId({ saleId: sale.id })).remaining;
    await expect.poll(remaining).toBe(0);
    await page.reload();
    await expect(card.getByText("Sale over")).toBeVisible();
    await expect(card.getByText("Sold out")).toBeHidden();
    await page.screenshot({ path: test.info().outputPath("ended.png"), fullPage: true });
  });
});

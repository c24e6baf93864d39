import { createDoorbusterClient } from "../client/sdk/index.ts";
import { holdPurchases, ItemCard } from "./sale-page.ts";
import { expect, itemOf, test } from "./test.ts";

test("two browsers race for the last unit, and one of them gets it", async ({ visit, newSale, newBuyer }) => {
  const sale = await newSale({ items: [{ stock: 1 }] });
  const open = async () => {
    const page = await visit(`/sales/${sale.id}`, { as: await newBuyer() });
    return { page, held: await holdPurchases(page), ...new ItemCard(page, itemOf(sale)) };
  };
  const pages = [await open(), await open()];
  for (const { buy } of pages) await buy.click();
  await Promise.all(pages.map(({ held }) => held.arrived));
  for (const { held } of pages) held.open();
  await expect
    .poll(async () => {
      const receipts = await Promise.all(pages.map(({ receipt }) => receipt.count()));
      const refusals = await Promise.all(
        pages.map(({ refusal }) => refusal.filter({ hasText: "You missed it" }).count()),
      );
      return [...receipts, ...refusals].sort();
    })
    .toEqual([0, 0, 1, 1]);
  for (const [index, { page }] of pages.entries()) {
    await page.screenshot({ path: test.info().outputPath(`race-${index + 1}.png`) });
  }
});

test("300 buyers for 100 units, while a browser watches: the stock only falls, and ends at nothing", async ({
  product,
  visit,
  newSale,
}) => {
  const sale = await newSale({ items: [{ stock: 100 }] });
  const item = itemOf(sale);
  const tokens = (await product.cli("tokens", "--count", "300")).map((line) => line.split(" ")[1]);
  const page = await visit(`/sales/${sale.id}`);
  const { card } = new ItemCard(page, item);
  await expect(card.getByText("100 of 100 left")).toBeVisible();
  const seen = await card.evaluateHandle((element) => {
    const texts: string[] = [];
    const note = () => {
      const [left] = /\d+(?= of 100 left)|Sold out/.exec((element as HTMLElement).innerText) ?? [];
      if (left !== undefined && texts.at(-1) !== left) texts.push(left);
    };
    new MutationObserver(note).observe(element, { subtree: true, childList: true, characterData: true });
    note();
    return texts;
  });

  const results = await Promise.all(
    tokens.map((token) => createDoorbusterClient({ url: product.url, token }).purchases.buy({ itemId: item.id })),
  );

  const positions = results.flatMap((result) => (result.outcome === "purchased" ? [result.position] : []));
  expect(positions.sort((a, b) => a - b)).toEqual(Array.from({ length: 100 }, (_, index) => index + 1));
  const refusals = results.flatMap((result) => (result.outcome === "refused" ? [result.code] : []));
  expect(refusals).toEqual(Array.from({ length: 200 }, () => "OUT_OF_STOCK"));
  await expect(card).toContainText("Sold out");
  const numbers = (await seen.jsonValue()).map((text) => (text === "Sold out" ? 0 : Number(text)));
  expect(numbers).toEqual([...numbers].sort((a, b) => b - a));
  expect(numbers.at(0)).toBe(100);
  expect(numbers.at(-1)).toBe(0);
  await page.screenshot({ path: test.info().outputPath("sold-out.png"), fullPage: true });
});

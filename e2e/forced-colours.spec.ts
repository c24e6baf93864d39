import { ItemCard } from "./sale-page.ts";
import { expect, itemOf, test } from "./test.ts";

/** What is drawn of an element where the reader has chosen the colours. */
const EDGE = (element: Element) => {
  const { borderTopWidth, borderTopStyle, outlineStyle } = getComputedStyle(element);
  return { border: `${borderTopWidth} ${borderTopStyle}`, outline: outlineStyle };
};

test("in colours of the reader's own, buttons, cards and bars have edges, and the current place is marked", async ({
  visit,
  newSale,
}) => {
  const sale = await newSale();
  const page = await visit(`/sales/${sale.id}`, { forcedColors: "active" });
  const { card, buy } = new ItemCard(page, itemOf(sale));
  for (const each of [card, buy, card.getByRole("meter")]) {
    expect(await each.evaluate(EDGE)).toMatchObject({ border: "1px solid" });
  }
  const bar = card.getByRole("meter").locator("div");
  const [ground, colour] = await bar.evaluate((each) => [
    getComputedStyle(each.parentElement ?? each).backgroundColor,
    getComputedStyle(each).backgroundColor,
  ]);
  expect(colour).not.toBe(ground);
  await page.getByRole("navigation", { name: "Main" }).getByRole("link", { name: "Catalogue" }).click();
  const links = page.getByRole("navigation", { name: "Main" }).getByRole("link");
  const marked = await links.evaluateAll((all) =>
    all.filter((each) => getComputedStyle(each).outlineStyle === "solid"),
  );
  expect(marked).toHaveLength(1);
});

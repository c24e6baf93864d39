import type { Locator, Page } from "@playwright/test";
import type { Item } from "../client/sdk/index.ts";
import { momentWords } from "../client/web/app/moment-words.ts";
import { PHONE } from "./accessible.ts";
import { ItemCard } from "./sale-page.ts";
import { expect, itemOf, test } from "./test.ts";

/** What a sale on the front page of a shop may look like at its longest. */
const ITEMS = [
  {
    name: "Hochleistungsküchenmaschinenset, first edition",
    description: "From cold to first cup in ninety seconds, on a counter no wider than a book.",
    imageUrl: "/images/espresso-machine.svg",
    limitPerCustomer: 2,
  },
  { name: "Desk", description: "", imageUrl: "/images/lamp.svg" },
  { name: "A lamp that has more to say about itself", description: "It knows the time. ".repeat(4) },
  { name: "Kettle", description: "Boils." },
  { name: "Shoes", description: "Run." },
];

const SCREENS = [
  { name: "small phone", width: 320, height: 568 },
  { name: "phone", width: 360, height: 740 },
  { name: "phone held sideways", width: 844, height: 390 },
  { name: "small phone held sideways", width: 667, height: 375 },
  { name: "tablet", width: 768, height: 1024 },
  { name: "laptop", width: 1366, height: 768 },
  { name: "desktop", width: 1440, height: 900 },
] as const;

test.describe("without scrolling", () => {
  // A live stock that connects anew while the browser is offline is noted by the browser itself.
  test.use({ expectedConsoleErrors: /Failed to load resource: net::ERR_/ });

  for (const { name, ...viewport } of SCREENS) {
    test(`the first item of a live sale is bought: ${name}`, async ({ visit, newSale, newBuyer }) => {
      const sale = await newSale({ items: ITEMS });
      const screen = viewport.width < 768 || viewport.height < 480 ? { ...PHONE, viewport } : { viewport };
      const visitor = await visit(`/sales/${sale.id}`, screen);
      const page = await visit(`/sales/${sale.id}`, { ...screen, as: await newBuyer() });
      for (const each of [visitor, page]) await expectInSight(each, new ItemCard(each, itemOf(sale)).buy);
      // The smallest phone has no room for a banner as well.
      if (viewport.height > 600) {
        await page.context().setOffline(true);
        await expect(page.getByText("You are offline.")).toBeVisible();
        await expectInSight(page, new ItemCard(page, itemOf(sale)).buy);
        await page.context().setOffline(false);
      }
      const { buy, receipt } = new ItemCard(page, itemOf(sale));
      // When it ends stands there for everybody, if on the smallest screens only for ears.
      await expect(page.getByText(`until ${momentWords(sale.endsAt, { timeZone: "UTC" })}`)).toBeAttached();
      await buy.click();
      await expect(receipt).toBeVisible();
      await page.screenshot({ path: test.info().outputPath(`${name}.png`) });
    });
  }
});

test("buttons of cards that stand beside one another are in one line, and stay there when one card grows", async ({
  visit,
  newSale,
  newBuyer,
}) => {
  const sale = await newSale({ items: ITEMS });
  const page = await visit(`/sales/${sale.id}`, { as: await newBuyer(), viewport: { width: 1440, height: 900 } });
  // Within the page: whoever buys is taken to the receipt.
  const topOf = (item: Item) =>
    new ItemCard(page, item).buy.evaluate((button) => Math.round(button.getBoundingClientRect().top + scrollY));
  await expect(new ItemCard(page, itemOf(sale)).buy).toBeEnabled();
  const [first, second, third, fourth, fifth] = await Promise.all(sale.items.map(topOf));
  expect(second).toBe(first);
  expect([fourth, fifth]).toEqual([third, third]);
  await new ItemCard(page, itemOf(sale)).buy.click();
  await expect(new ItemCard(page, itemOf(sale)).receipt).toBeVisible();
  expect(await topOf(itemOf(sale, 1))).toBe(second);
});

test("what is sold out when the page opens stands last, and what sells out later stays where it is", async ({
  visit,
  newSale,
  newBuyer,
}) => {
  const sale = await newSale({ items: [{ name: "Gone", stock: 0 }, { name: "Last one", stock: 1 }, { name: "Rest" }] });
  const page = await visit(`/sales/${sale.id}`);
  const names = () => page.getByRole("article").getByRole("heading").allTextContents();
  await expect(page.getByRole("article")).toHaveCount(3);
  expect(await names()).toEqual(["Last one", "Rest", "Gone"]);
  const buyer = await newBuyer();
  await buyer.client.purchases.buy({ itemId: itemOf(sale, 1).id });
  await expect(new ItemCard(page, itemOf(sale, 1)).card).toContainText("Sold out");
  expect(await names()).toEqual(["Last one", "Rest", "Gone"]);
});

test("the front page opens with the live sale that has units, not with a newer one that is sold out", async ({
  visit,
  operator,
  newSale,
}) => {
  const startsAt = (seconds: number) => new Date(Date.now() - seconds * 1_000).toISOString();
  const withUnits = await newSale({ name: `Units ${crypto.randomUUID()}`, startsAt: startsAt(2) });
  const soldOut = await newSale({
    name: `Gone ${crypto.randomUUID()}`,
    startsAt: startsAt(1),
    items: [{ stock: 0 }],
  });
  const page = await visit("/");
  await expect(page.getByRole("heading", { level: 1, name: withUnits.name })).toBeVisible();
  for (const { id } of [withUnits, soldOut]) await operator.client.sales.cancel({ saleId: id });
});

test("the front page stays with the sale that it shows when another one opens", async ({
  visit,
  operator,
  newSale,
}) => {
  const shown = await newSale({
    name: `Shown ${crypto.randomUUID()}`,
    startsAt: new Date(Date.now() - 1_000).toISOString(),
  });
  const page = await visit("/no-such-page");
  await page.clock.install();
  await page.goto("/");
  const heading = page.getByRole("heading", { level: 1, name: shown.name });
  await expect(heading).toBeVisible();
  const other = await newSale({ name: `Opened ${crypto.randomUUID()}`, startsAt: new Date().toISOString() });
  await page.clock.fastForward(LIST_REREAD_MS);
  await expect(page.getByRole("link", { name: other.name })).toBeVisible();
  await expect(heading).toBeVisible();
  await page.reload();
  await expect(page.getByRole("heading", { level: 1, name: other.name })).toBeVisible();
  for (const { id } of [shown, other]) await operator.client.sales.cancel({ saleId: id });
});

/** By then the front page has read the list of sales again. */
const LIST_REREAD_MS = 31_000;

test("catalogue, basket and sale speak of each other's price where it is another", async ({
  visit,
  operator,
  newProduct,
}) => {
  const lamp = await newProduct({ priceCents: 2_500 });
  const { id, items } = await operator.client.sales.create({
    name: "Cheaper",
    startsAt: new Date(Date.now() - 60_000).toISOString(),
    endsAt: new Date(Date.now() + 3_600_000).toISOString(),
    items: [{ productId: lamp.id, priceCents: 1_900, stock: 2 }],
  });
  const page = await visit(`/catalogue?search=${encodeURIComponent(lamp.name)}`);
  const product = page.getByRole("article", { name: lamp.name });
  await expect(product.getByRole("link", { name: "On sale now for €19.00" })).toBeVisible();
  await product.getByRole("button").click();
  await page.goto("/basket");
  const line = page.getByRole("list", { name: "Basket" }).getByRole("listitem", { name: lamp.name });
  await line.getByRole("link", { name: "On sale now for €19.00" }).click();
  await expect(page).toHaveURL(`/sales/${id}#item-${items[0]?.id}`);
  const card = page.getByRole("article", { name: lamp.name });
  await expect(card).toContainText("Price €19.00instead of €25.00");
  await expect(card.locator("s")).toHaveText("€25.00");
});

test("every sale can be reached from the front page and from any other sale, also one that is over", async ({
  visit,
  operator,
  newSale,
}) => {
  const first = await newSale({ name: `First ${crypto.randomUUID()}` });
  await operator.client.sales.cancel({ saleId: first.id });
  const later = [];
  for (let count = 0; count < 21; count++) later.push(await newSale({ name: `Later ${crypto.randomUUID()}` }));
  const [second, last] = [later[0], later[20]];
  if (!second || !last) throw new Error("There are no sales");
  for (const path of ["/", `/sales/${last.id}`]) {
    const page = await visit(path);
    const doors = page.getByRole("navigation", { name: "More doors" });
    await doors.getByRole("button", { name: "Show all sales" }).click();
    await expect(doors.getByRole("heading")).toBeFocused();
    await doors.getByRole("button", { name: "Load more" }).click();
    await expect(doors.getByRole("link", { name: first.name })).toContainText("Cancelled");
    await doors.getByRole("link", { name: second.name }).click();
    await expect(page).toHaveURL(`/sales/${second.id}`);
  }
  for (const { id } of later) await operator.client.sales.cancel({ saleId: id });
});

/** All of it lies in what is seen first, and nothing lies over it. */
async function expectInSight(page: Page, button: Locator): Promise<void> {
  await expect(button).toBeEnabled();
  await expect(button).toBeInViewport({ ratio: 1 });
  expect(await page.evaluate(() => scrollY)).toBe(0);
  // A trial press fails where a bar or a banner would get it.
  await button.click({ trial: true });
  expect(await page.evaluate(() => scrollY)).toBe(0);
}

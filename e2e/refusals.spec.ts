import type { Item, Sale } from "../client/sdk/index.ts";
import type { Account } from "./accounts.ts";
import { BasketPage, fillBasket } from "./basket-page.ts";
import { answerPurchases, holdPurchases, ItemCard } from "./sale-page.ts";
import { expect, itemOf, test } from "./test.ts";

interface Case {
  readonly refusal: string;
  readonly title: string;
  readonly balanceCents?: number;
  readonly item?: { stock?: number; limitPerCustomer?: number };
  readonly endsInMs?: number;
  /** Happens between the click and the shop. */
  readonly meanwhile?: (it: { operator: Account; buyer: Account; sale: Sale; item: Item }) => Promise<unknown>;
}

/** Each refusal that a buyer can meet, met in earnest. */
const CASES: Case[] = [
  {
    refusal: "sold out",
    title: "You missed it",
    item: { stock: 1 },
    meanwhile: ({ buyer, item }) => buyer.client.purchases.buy({ itemId: item.id }),
  },
  {
    refusal: "over the limit",
    title: "That is over the limit",
    item: { limitPerCustomer: 1 },
    meanwhile: ({ buyer, item }) => buyer.client.purchases.buy({ itemId: item.id }),
  },
  { refusal: "too little in the wallet", title: "Not enough in your wallet", balanceCents: 1_998 },
  {
    refusal: "sale paused",
    title: "The sale is paused",
    meanwhile: ({ operator, sale }) => operator.client.sales.pause({ saleId: sale.id }),
  },
  {
    refusal: "sale cancelled",
    title: "The sale was cancelled",
    meanwhile: ({ operator, sale }) => operator.client.sales.cancel({ saleId: sale.id }),
  },
  {
    refusal: "sale ended",
    title: "The sale is over",
    endsInMs: 8_000,
    meanwhile: ({ operator, sale }) =>
      expect.poll(async () => (await operator.client.sales.byId({ saleId: sale.id })).status).toBe("ended"),
  },
];

for (const { refusal, title, balanceCents, item = {}, endsInMs = 3_600_000, meanwhile } of CASES) {
  test(`says in words that nothing was bought: ${refusal}`, async ({ visit, newSale, newBuyer, operator }) => {
    const endsAt = new Date(Date.now() + endsInMs).toISOString();
    const sale = await newSale({ endsAt, items: [item] });
    const buyer = await newBuyer(balanceCents);
    const page = await visit(`/sales/${sale.id}`, { as: buyer });
    const card = new ItemCard(page, itemOf(sale));
    const held = await holdPurchases(page);
    await card.buy.click();
    await held.arrived;
    await meanwhile?.({ operator, buyer, sale, item: itemOf(sale) });
    const bought = (await buyer.client.purchases.mine()).items.length;
    held.open();
    await expect(card.refusal).toContainText(title);
    await expect(card.receipt).toHaveCount(0);
    expect((await buyer.client.purchases.mine()).items).toHaveLength(bought);
    await page.screenshot({ path: test.info().outputPath("refusal.png"), fullPage: true });
  });
}

/** The page offers no way into these: they are met by those whose page is out of date. */
for (const [code, title] of [
  ["SALE_NOT_STARTED", "Not yet"],
  ["ITEM_NOT_FOUND", "This item is gone"],
  ["CUSTOMER_INACTIVE", "Your account has been deactivated"],
  ["KEY_REUSED", "This request was mixed up with another"],
] as const) {
  test(`says in words that nothing was bought: ${code}`, async ({ visit, newSale, newBuyer }) => {
    const sale = await newSale();
    const page = await visit(`/sales/${sale.id}`, { as: await newBuyer() });
    const card = new ItemCard(page, itemOf(sale));
    await answerPurchases(page, { outcome: "refused", code, message: "No.", replayed: false });
    await card.buy.click();
    await expect(card.refusal).toContainText(title);
  });
}

test("a wallet that is too small is topped up by what is missing, and the purchase then goes through", async ({
  visit,
  newSale,
  newBuyer,
}) => {
  const sale = await newSale({ items: [{ priceCents: 12_900 }] });
  const item = itemOf(sale);
  const buyer = await newBuyer(0);
  const page = await visit(`/sales/${sale.id}`, { as: buyer });
  const card = new ItemCard(page, item);
  await card.buy.click();
  await expect(card.refusal).toContainText("your wallet holds €0.00: €129.00 are missing");
  await card.refusal.getByRole("button", { name: "Top up wallet" }).click();
  const dialog = page.getByRole("dialog", { name: "Top up your wallet" });
  await expect(dialog).toContainText("€129.00 are missing");
  await dialog.getByRole("button", { name: "Add €130.00" }).click();
  await expect(page.getByText("€130.00 was added.")).toBeVisible();
  await dialog.getByRole("button", { name: "Back to the purchase" }).click();
  await expect(card.refusal).toHaveCount(0);
  await expect(card.card.locator(":focus")).toHaveCount(1);
  await card.buy.click();
  await expect(card.receipt).toBeVisible();
  expect(await buyer.client.wallets.mine()).toMatchObject({ balanceCents: 100 });
});

test("what a refusal says of the wallet follows the wallet, whoever fills it", async ({
  visit,
  newSale,
  newBuyer,
  operator,
}) => {
  const sale = await newSale({ items: [{ priceCents: 12_900 }] });
  const buyer = await newBuyer(0);
  const page = await visit(`/sales/${sale.id}`, { as: buyer });
  const card = new ItemCard(page, itemOf(sale));
  await card.buy.click();
  await expect(card.refusal).toContainText("€129.00 are missing");
  const other = await visit("/wallet", { besides: page });
  for (const amountCents of [10_000, 2_900]) {
    await operator.client.wallets.credit({ userId: buyer.userId, amountCents, reason: "Test money" });
    await other.getByRole("main").getByRole("button", { name: "Top up" }).click();
    const dialog = other.getByRole("dialog");
    await dialog.getByText("Another amount").click();
    await dialog.getByRole("textbox", { name: "Other amount" }).fill("0.01");
    await dialog.getByRole("button", { name: "Add €0.01" }).click();
    await dialog.getByRole("button", { name: "Done" }).click();
    if (amountCents === 10_000) await expect(card.refusal).toContainText("€28.99 are missing");
  }
  await expect(card.refusal).toHaveCount(0);
});

test("a refusal for money that the page took for there stays, and says what is missing by now", async ({
  visit,
  newSale,
  newBuyer,
}) => {
  const sale = await newSale({ items: [{ priceCents: 2_000 }, { priceCents: 1_500 }] });
  const buyer = await newBuyer(2_000);
  const page = await visit(`/sales/${sale.id}`, { as: buyer });
  await expect(page.getByRole("link", { name: "Wallet balance €20.00" })).toBeVisible();
  // Elsewhere: this page does not hear of it.
  await buyer.client.purchases.buy({ itemId: itemOf(sale, 1).id });
  const card = new ItemCard(page, itemOf(sale));
  await card.buy.click();
  await expect(card.refusal).toContainText("your wallet holds €5.00: €15.00 are missing");
});

test("where the shop takes no payments nothing offers to top up, and the page says how money gets in", async ({
  visit,
  newSale,
  newProduct,
  newBuyer,
}) => {
  const [sale, product] = [await newSale(), await newProduct()];
  const page = await visit("/no-such-page", { as: await newBuyer(0) });
  await page.route("**/trpc/wallets.mine*", (route) =>
    route.fulfill({ json: { result: { data: { balanceCents: 0, currency: "EUR", canTopUp: false } } } }),
  );
  await page.goto("/wallet");
  const main = page.getByRole("main");
  await expect(main).toContainText("The shop takes no payments here");
  await expect(main.getByRole("button", { name: "Top up" })).toHaveCount(0);
  await page.goto(`/sales/${sale.id}`);
  const card = new ItemCard(page, itemOf(sale));
  await card.buy.click();
  await expect(card.refusal).toContainText("The shop takes no payments here");
  await expect(card.refusal.getByRole("button")).toHaveCount(0);
  await fillBasket(page, product);
  await page.goto("/basket");
  const basket = new BasketPage(page);
  await expect(basket.summary).toContainText("Missing€25.00");
  await expect(basket.summary.getByRole("button", { name: "Top up" })).toHaveCount(0);
  await basket.pay.click();
  await expect(basket.refusal).toContainText("The shop takes no payments here");
  await expect(basket.refusal.getByRole("button")).toHaveCount(0);
});

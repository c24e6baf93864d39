import type { Item, Sale } from "../client/sdk/index.ts";
import type { Account } from "./accounts.ts";
import { BasketPage, fillBasket } from "./basket-page.ts";
import type { Product } from "./product.ts";
import { answerPurchases, holdPurchases, ItemCard } from "./sale-page.ts";
import { openStore } from "./store.ts";
import { expect, itemOf, test } from "./test.ts";

interface Case {
  readonly what: string;
  readonly title: string;
  readonly balanceCents?: number;
  readonly offer?: { stock?: number; limitPerCustomer?: number };
  /** Happens between the click and the shop. */
  readonly meanwhile?: (it: Meanwhile) => Promise<unknown>;
}

interface Meanwhile {
  readonly product: Product;
  readonly operator: Account;
  readonly buyer: Account;
  readonly sale: Sale;
  readonly item: Item;
}

/** Each refusal that a buyer can meet, met in earnest. */
const CASES: Case[] = [
  {
    what: "sold out",
    title: "You missed it",
    offer: { stock: 1 },
    meanwhile: ({ buyer, item }) => buyer.client.purchases.buy({ itemId: item.id }),
  },
  {
    what: "over the limit",
    title: "That is over the limit",
    offer: { limitPerCustomer: 1 },
    meanwhile: ({ buyer, item }) => buyer.client.purchases.buy({ itemId: item.id }),
  },
  { what: "too little in the wallet", title: "Not enough in your wallet", balanceCents: 1_998 },
  {
    what: "sale paused",
    title: "The sale is paused",
    meanwhile: ({ operator, sale }) => operator.client.sales.pause({ saleId: sale.id }),
  },
  {
    what: "sale cancelled",
    title: "The sale was cancelled",
    meanwhile: ({ operator, sale }) => operator.client.sales.cancel({ saleId: sale.id }),
  },
  {
    what: "sale ended",
    title: "The sale is over",
    async meanwhile({ product, sale }) {
      await using store = await openStore(product);
      await store.endSale(sale.id);
    },
  },
];

for (const { what, title, balanceCents, offer = {}, meanwhile } of CASES) {
  test(`says in words that nothing was bought: ${what}`, async ({ openSale, operator, product }) => {
    const opened = await openSale({ items: [offer] }, { balanceCents });
    const { buyer, page, buy, receipt, refusal } = opened;
    const held = await holdPurchases(page);
    await buy.click();
    await held.arrived;
    await meanwhile?.({ product, operator, ...opened });
    const bought = (await buyer.client.purchases.mine()).items.length;
    held.open();
    await expect(refusal).toContainText(title);
    await expect(receipt).toHaveCount(0);
    expect((await buyer.client.purchases.mine()).items).toHaveLength(bought);
    await page.screenshot({ path: test.info().outputPath("refusal.png"), fullPage: true });
  });
}

test("says in words that nothing was bought where only a page that is out of date comes to ask", async ({
  openSale,
}) => {
  const { page, buy, refusal } = await openSale();
  for (const [code, title] of [
    ["SALE_NOT_STARTED", "Not yet"],
    ["ITEM_NOT_FOUND", "This item is gone"],
    ["CUSTOMER_INACTIVE", "Your account has been deactivated"],
    ["KEY_REUSED", "This request was mixed up with another"],
  ] as const) {
    await answerPurchases(page, { outcome: "refused", code, message: "No.", replayed: false });
    await buy.click();
    await expect(refusal).toContainText(title);
  }
});

test("a wallet that is too small is topped up by what is missing, and the purchase then goes through", async ({
  openSale,
}) => {
  const { buyer, page, buy, card, receipt, refusal } = await openSale(
    { items: [{ priceCents: 12_900 }] },
    { balanceCents: 0 },
  );
  await buy.click();
  await expect(refusal).toContainText("your wallet holds €0.00: €129.00 are missing");
  await refusal.getByRole("button", { name: "Top up wallet" }).click();
  const dialog = page.getByRole("dialog", { name: "Top up your wallet" });
  await expect(dialog).toContainText("€129.00 are missing");
  await dialog.getByRole("button", { name: "Add €130.00" }).click();
  await expect(page.getByText("€130.00 was added.")).toBeVisible();
  await dialog.getByRole("button", { name: "Back to the purchase" }).click();
  await expect(refusal).toHaveCount(0);
  await expect(card.locator(":focus")).toHaveCount(1);
  await buy.click();
  await expect(receipt).toBeVisible();
  expect(await buyer.client.wallets.mine()).toMatchObject({ balanceCents: 100 });
});

test("what a refusal says of the wallet follows the wallet, whoever fills it", async ({
  openSale,
  visit,
  operator,
}) => {
  const { buyer, page, buy, refusal } = await openSale({ items: [{ priceCents: 12_900 }] }, { balanceCents: 0 });
  await buy.click();
  await expect(refusal).toContainText("€129.00 are missing");
  const other = await visit("/wallet", { besides: page });
  for (const amountCents of [10_000, 2_900]) {
    await operator.client.wallets.credit({ userId: buyer.userId, amountCents, reason: "Test money" });
    await other.getByRole("main").getByRole("button", { name: "Top up" }).click();
    const dialog = other.getByRole("dialog");
    await dialog.getByText("Another amount").click();
    await dialog.getByRole("textbox", { name: "Other amount" }).fill("0.01");
    await dialog.getByRole("button", { name: "Add €0.01" }).click();
    await dialog.getByRole("button", { name: "Done" }).click();
    if (amountCents === 10_000) await expect(refusal).toContainText("€28.99 are missing");
  }
  await expect(refusal).toHaveCount(0);
});

test("a refusal for money that the page took for there stays, and says what is missing by now", async ({
  openSale,
}) => {
  const { sale, buyer, page, buy, refusal } = await openSale(
    { items: [{ priceCents: 2_000 }, { priceCents: 1_500 }] },
    { balanceCents: 2_000 },
  );
  await expect(page.getByRole("link", { name: "Wallet balance €20.00" })).toBeVisible();
  // Elsewhere: this page does not hear of it.
  await buyer.client.purchases.buy({ itemId: itemOf(sale, 1).id });
  await buy.click();
  await expect(refusal).toContainText("your wallet holds €5.00: €15.00 are missing");
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

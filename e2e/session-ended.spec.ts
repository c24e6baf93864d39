import type { Page } from "@playwright/test";
import { type Account, signInAgain } from "./accounts.ts";
import { BasketPage, fillBasket } from "./basket-page.ts";
import type { Product } from "./product.ts";
import { ItemCard } from "./sale-page.ts";
import { expectSignedIn, signIn } from "./signed-in.ts";
import { expect, itemOf, type TestFixtures, test } from "./test.ts";

// The browser itself notes each refused request.
test.use({ expectedConsoleErrors: /Failed to load resource: the server responded with a status of 401/ });

/** Ends every session of this buyer; signing in makes a new one. */
async function endSessions({ operator }: Pick<TestFixtures, "operator">, { userId }: Account): Promise<void> {
  await operator.client.users.setActive({ userId, active: false });
  await operator.client.users.setActive({ userId, active: true });
}

const SIGN_IN = { name: "Sign in" };

test.describe("when the session has ended", () => {
  for (const where of ["beside it", "by the header"]) {
    test(`a purchase goes on by itself after signing in ${where}, once`, async ({ openSale, operator, product }) => {
      const { buyer, page, buy, refusal, receipt } = await openSale();
      await expect(page.getByRole("link", { name: "Wallet balance €1,000.00" })).toBeVisible();
      await endSessions({ operator }, buyer);
      await buy.click();
      await expect(refusal).toContainText("You have been signed out");
      // Nothing of the buyer's is left beside it.
      const banner = page.getByRole("banner");
      await expect(banner.getByRole("link", SIGN_IN)).toBeVisible();
      await expect(page.getByRole("link", { name: /Wallet balance/ })).toHaveCount(0);
      await (where === "beside it" ? refusal.getByRole("button", SIGN_IN) : banner.getByRole("link", SIGN_IN)).click();
      await signIn(page, buyer);
      await expect(receipt).toContainText("You were buyer number 1");
      await expect(refusal).toHaveCount(0);
      await expect(page.getByRole("link", { name: "Wallet balance €980.01" })).toBeVisible();
      await expectPurchases(product, buyer, 1);
    });
  }

  test("a purchase goes on in the tab that waits when the buyer signs in in another", async ({
    openSale,
    visit,
    operator,
    product,
  }) => {
    const { buyer, page, buy, refusal, receipt } = await openSale();
    await expectSignedIn(page);
    await endSessions({ operator }, buyer);
    await buy.click();
    await refusal.getByRole("button", { name: "Sign in" }).click();
    const other = await visit("/sign-in", { besides: page });
    await signIn(other, buyer);
    await expect(receipt).toContainText("You were buyer number 1");
    await expectPurchases(product, buyer, 1);
  });

  test("nobody else who signs in gets the purchase, and its buyer finds it on their return", async ({
    visit,
    newSale,
    newBuyer,
    operator,
    product,
  }) => {
    const sale = await newSale();
    const [buyer, other] = [await newBuyer(), await newBuyer()];
    const page = await visit(`/sales/${sale.id}`, { as: buyer });
    const { buy, refusal, receipt } = new ItemCard(page, itemOf(sale));
    await expectSignedIn(page);
    await endSessions({ operator }, buyer);
    await buy.click();
    await refusal.getByRole("button", { name: "Sign in" }).click();
    await signIn(page, other);
    await expect(page.getByRole("link", { name: "Wallet balance €1,000.00" })).toBeVisible();
    await expect(buy).toBeEnabled();
    await expect(refusal).toHaveCount(0);
    await page.getByRole("button", { name: "Sign out" }).click();
    await page.getByRole("banner").getByRole("link", { name: "Sign in" }).click();
    await signIn(page, buyer);
    await refusal.getByRole("button", { name: "Buy it now" }).click();
    await expect(receipt).toContainText("You were buyer number 1");
    await expectPurchases(product, buyer, 1);
    await expectPurchases(product, other, 0);
  });

  test("what became of a purchase is shown to nobody else who signs in", async ({ openSale, newBuyer }) => {
    const { page, buy, receipt } = await openSale();
    await buy.click();
    await expect(receipt).toContainText("You were buyer number 1");
    await page.getByRole("button", { name: "Sign out" }).click();
    await page.getByRole("banner").getByRole("link", { name: "Sign in" }).click();
    await signIn(page, await newBuyer());
    await expectSignedIn(page);
    await expect(buy).toBeEnabled();
    await expect(receipt).toHaveCount(0);
  });

  for (const [what, again] of [
    ["a reload", async (page: Page) => void (await page.reload())],
    ["a new page", async (page: Page) => void (await page.goto("/catalogue"))],
  ] as const) {
    test(`a purchase is named after ${what}, asked about after another sign-in, and can be given up`, async ({
      openSale,
      operator,
      product,
    }) => {
      const { buyer, page, buy, refusal } = await openSale();
      await expectSignedIn(page);
      await endSessions({ operator }, buyer);
      await buy.click();
      await expect(refusal).toContainText("You have been signed out");
      await again(page);
      const waiting = page.getByRole("region", { name: "Waiting purchase" });
      await expect(waiting).toContainText("A purchase of Lamp A, €19.99, waits for you to sign in.");
      if (what === "a reload") await expect(refusal).toContainText("You have been signed out");
      await expect(waiting.getByRole("button", { name: "Do not buy" })).toBeVisible();
      await page.getByRole("banner").getByRole("link", { name: "Sign in" }).click();
      await signIn(page, buyer);
      await page.getByRole("link", { name: "Wallet balance €1,000.00" }).click();
      await expect(waiting).toContainText("shall it go on?");
      await expectPurchases(product, buyer, 0);
      await waiting.getByRole("button", { name: "Do not buy" }).click();
      await expect(waiting).toHaveCount(0);
      await page.reload();
      await expect(page.getByRole("link", { name: "Wallet balance €1,000.00" })).toBeVisible();
      await expectPurchases(product, buyer, 0);
    });
  }

  test("a tab that still takes somebody else for signed in buys nothing for them", async ({
    visit,
    newSale,
    newBuyer,
    product,
  }) => {
    const sale = await newSale();
    const [buyer, other] = [await newBuyer(), await newBuyer()];
    const page = await visit(`/sales/${sale.id}`, { as: buyer });
    const { buy } = new ItemCard(page, itemOf(sale));
    await expect(page.getByRole("link", { name: "Wallet balance €1,000.00" })).toBeVisible();
    // As when another tab signs in between two messages: only the cookie is another one.
    const [cookie] = await page.context().cookies();
    if (!cookie) throw new Error("There is no session");
    await page.context().addCookies([{ ...cookie, value: encodeURIComponent(other.token) }]);
    const refused = page.waitForResponse(/purchases\.buy/);
    await buy.click();
    expect((await refused).status()).toBe(401);
    await expect(buy).toBeEnabled();
    await expectPurchases(product, buyer, 0);
    await expectPurchases(product, other, 0);
  });

  test("a basket is ordered by itself after signing in, once", async ({
    visit,
    newProduct,
    newBuyer,
    operator,
    product,
  }) => {
    const buyer = await newBuyer();
    const page = await visit("/", { as: buyer });
    await fillBasket(page, await newProduct());
    await page.goto("/basket");
    const { pay, refusal, receipt } = new BasketPage(page);
    await expect(pay).toBeEnabled();
    await expectSignedIn(page);
    await endSessions({ operator }, buyer);
    await pay.click();
    await expect(refusal).toContainText("You have been signed out");
    await refusal.getByRole("button", { name: "Sign in" }).click();
    await signIn(page, buyer);
    await expect(receipt).toBeVisible();
    const again = await signInAgain(product.url, buyer);
    expect((await again.client.orders.mine()).items).toHaveLength(1);
  });

  test("a basket and a top-up wait after a reload, and go on or are given up as the buyer says", async ({
    visit,
    newProduct,
    newBuyer,
    operator,
    product,
  }) => {
    const buyer = await newBuyer();
    const page = await visit("/", { as: buyer });
    await fillBasket(page, await newProduct());
    await page.goto("/basket");
    const { pay, refusal, receipt } = new BasketPage(page);
    await expect(pay).toBeEnabled();
    await expectSignedIn(page);
    const wallet = await visit("/wallet", { besides: page });
    await wallet.getByRole("main").getByRole("button", { name: "Top up" }).click();
    const dialog = wallet.getByRole("dialog", { name: "Top up your wallet" });
    await endSessions({ operator }, buyer);
    await dialog.getByRole("button", { name: /^Add/ }).click();
    await expect(dialog.getByRole("alert")).toContainText("You have been signed out");
    await pay.click();
    await expect(refusal).toContainText("You have been signed out");
    await wallet.close();
    await page.reload();
    await expect(refusal).toContainText("You have been signed out");
    await page.getByRole("banner").getByRole("link", { name: "Sign in" }).click();
    await signIn(page, buyer);
    await expect(refusal).toContainText("Your order waits");
    const again = await signInAgain(product.url, buyer);
    expect((await again.client.orders.mine()).items).toHaveLength(0);
    await page.getByRole("region", { name: "Waiting top-up" }).getByRole("button", { name: "Do not add" }).click();
    await refusal.getByRole("button", { name: "Pay now" }).click();
    await expect(receipt).toBeVisible();
    expect((await again.client.orders.mine()).items).toHaveLength(1);
    expect(await again.client.wallets.mine()).toMatchObject({ balanceCents: 97_500 });
  });

  test("a top-up goes on by itself after signing in, once", async ({ visit, newBuyer, operator, product }) => {
    const buyer = await newBuyer(1_000);
    const page = await visit("/wallet", { as: buyer });
    await page.getByRole("main").getByRole("button", { name: "Top up" }).click();
    const dialog = page.getByRole("dialog", { name: "Top up your wallet" });
    await dialog.getByText("€25.00", { exact: true }).click();
    await endSessions({ operator }, buyer);
    await dialog.getByRole("button", { name: /^Add/ }).click();
    await expect(dialog.getByRole("alert")).toContainText("You have been signed out");
    await dialog.getByRole("button", { name: "Sign in" }).click();
    await signIn(page, buyer);
    await expect(page.getByText("€25.00 was added.")).toBeVisible();
    await expect(page.getByRole("link", { name: "Wallet balance €35.00" })).toBeVisible();
    const again = await signInAgain(product.url, buyer);
    expect(await again.client.wallets.mine()).toMatchObject({ balanceCents: 3_500 });
  });

  test("what belongs to the buyer says so, and not that the shop is starting", async ({
    visit,
    newBuyer,
    operator,
  }) => {
    const buyer = await newBuyer();
    const page = await visit("/purchases", { as: buyer });
    const tabs = page.getByRole("navigation", { name: "Main" });
    await expect(page.getByRole("link", { name: /Wallet balance/ })).toBeVisible();
    await endSessions({ operator }, buyer);
    await tabs.getByRole("link", { name: "Wallet" }).click();
    await expect(page.getByRole("main").getByRole("link", { name: "Sign in" })).toBeVisible();
    await expect(page.getByRole("alert")).toHaveCount(0);
  });
});

test.describe("where the browser keeps no cookies", () => {
  for (const [what, path] of [
    ["signing in", "/sign-in"],
    ["signing up", "/sign-up"],
  ] as const) {
    test(`${what} says so`, async ({ visit, newBuyer }) => {
      const buyer = await newBuyer(0);
      const page = await visit(path);
      // A browser that blocks cookies drops this header.
      await page.route("**/api/auth/sign-*/email", async (route) => {
        const response = await route.fetch();
        const { "set-cookie": _, ...headers } = response.headers();
        await page.context().clearCookies();
        await route.fulfill({ response, headers });
      });
      const main = page.getByRole("main");
      if (path === "/sign-up") {
        await main.getByLabel("Your name").fill("Ada Buyer");
        await main.getByLabel("E-mail address").fill(`${crypto.randomUUID()}@example.com`);
        await main.getByLabel("Password").fill("a long password");
        await main.getByRole("button", { name: "Create account" }).click();
      } else await signIn(page, buyer);
      await expect(main.getByRole("alert")).toContainText("cookies");
      await expect(page).toHaveURL(new RegExp(path));
    });
  }
});

async function expectPurchases({ url }: Product, buyer: Account, count: number): Promise<void> {
  const { client } = await signInAgain(url, buyer);
  expect((await client.purchases.mine()).items).toHaveLength(count);
  expect(await client.wallets.mine()).toMatchObject({ balanceCents: 100_000 - count * 1_999 });
}

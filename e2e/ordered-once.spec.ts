import type { Product } from "../client/sdk/index.ts";
import type { Account } from "./accounts.ts";
import { BasketPage, holdOrders, loseNextOrdersAnswer } from "./basket-page.ts";
import { holdRequests } from "./gate.ts";
import { expectSignedIn } from "./signed-in.ts";
import { expect, test } from "./test.ts";

const CONNECTION_LOST = /Failed to load resource: net::ERR_/;

/** The buyer had 1,000.00, and now has exactly one order of one unit. */
async function expectOneOrder(buyer: Account, product: Product): Promise<void> {
  const { items: orders } = await buyer.client.orders.mine();
  expect(orders.map(({ lines }) => lines.map(({ productId, quantity }) => [productId, quantity]))).toEqual([
    [[product.id, 1]],
  ]);
  expect(await buyer.client.wallets.mine()).toMatchObject({ balanceCents: 100_000 - product.priceCents });
}

test.describe("a basket", () => {
  test("is ordered once for five clicks before the page can draw", async ({ openBasket }) => {
    const { lamp, buyer, page, basket } = await openBasket();
    const held = await holdOrders(page);
    await basket.pay.evaluate(clickFiveTimes);
    await held.arrived;
    await expect(basket.pay).toBeDisabled();
    await basket.pay.evaluate(clickFiveTimes);
    held.open();
    await expect(basket.receipt).toContainText(lamp.name);
    await expect(basket.lines).toHaveCount(0);
    await expectOneOrder(buyer, lamp);
  });

  test("disables its button within the frame of the click", async ({ openBasket }) => {
    const { page, basket } = await openBasket();
    const held = await holdOrders(page);
    const inFrame = await basket.pay.evaluate(
      (button: HTMLButtonElement) =>
        new Promise((resolve) => {
          // In one frame the callbacks come before the picture: what the next ones see, the buyer sees.
          requestAnimationFrame(() => {
            button.click();
            requestAnimationFrame(() => resolve({ disabled: button.disabled, busy: button.getAttribute("aria-busy") }));
          });
        }),
    );
    expect(inFrame).toEqual({ disabled: true, busy: "true" });
    held.open();
    await expect(basket.receipt).toBeVisible();
  });

  test("is ordered once by two tabs that pay at the same moment", async ({ openBasket, visit }) => {
    const { lamp, buyer, page: first, basket } = await openBasket();
    const second = await visit("/basket", { besides: first });
    const other = new BasketPage(second);
    await expect(other.pay).toBeEnabled();
    await expectSignedIn(second);
    await Promise.all([basket.pay.evaluate(clickFiveTimes), other.pay.evaluate(clickFiveTimes)]);
    for (const tab of [basket, other]) {
      await expect(tab.receipt).toContainText(lamp.name);
      await expect(tab.lines).toHaveCount(0);
    }
    await expectOneOrder(buyer, lamp);
  });

  test("is ordered once where the other tab has not heard of anything", async ({ openBasket, visit }) => {
    const { lamp, buyer, page: first, basket } = await openBasket();
    const second = await visit("/basket", { besides: first });
    const other = new BasketPage(second);
    await expect(other.pay).toBeEnabled();
    await expectSignedIn(second);
    const stored = await second.evaluate(() => JSON.stringify(localStorage));
    await basket.pay.click();
    await expect(basket.receipt).toBeVisible();
    // As in a browser whose tabs' processes have not told each other yet: the old basket, and no receipt.
    await first.close();
    await second.evaluate((entries) => {
      localStorage.clear();
      for (const [key, value] of Object.entries(JSON.parse(entries) as Record<string, string>)) {
        localStorage.setItem(key, value);
      }
    }, stored);
    await second.reload();
    await other.pay.click();
    await expect(other.receipt).toContainText(lamp.name);
    await expect(other.lines).toHaveCount(0);
    await expectOneOrder(buyer, lamp);
  });

  test("is ordered once where the other tab was clicked before it knew who is here", async ({ openBasket, visit }) => {
    const { lamp, buyer, page: first, basket } = await openBasket();
    const second = await visit("/no-such-page", { besides: first });
    const session = await holdRequests(second, "**/api/auth/get-session");
    await second.goto("/basket");
    await session.arrived;
    const other = new BasketPage(second);
    await other.pay.click();
    await expect(other.pay).toBeDisabled();
    await basket.pay.click();
    await expect(basket.receipt).toContainText(lamp.name);
    await expect(other.lines).toHaveCount(0);
    session.open();
    await expect(other.receipt).toContainText(lamp.name);
    await expectOneOrder(buyer, lamp);
  });

  test("is shown as ordered in a tab that opened while it was being paid, and learns late who is here", async ({
    openBasket,
    visit,
  }) => {
    const { lamp, buyer, page: first, basket } = await openBasket();
    const held = await holdOrders(first);
    await basket.pay.click();
    await held.arrived;
    const second = await visit("/no-such-page", { besides: first });
    const session = await holdRequests(second, "**/api/auth/get-session");
    await second.goto("/basket");
    await session.arrived;
    const other = new BasketPage(second);
    await expect(other.lines).toHaveCount(1);
    held.open();
    await expect(basket.receipt).toContainText(lamp.name);
    await expect(other.lines).toHaveCount(0);
    session.open();
    await expect(other.receipt).toContainText(lamp.name);
    await expect(other.pay).toHaveCount(0);
    await expectOneOrder(buyer, lamp);
  });

  test("that changed after it was ordered is told apart from its order", async ({ openBasket }) => {
    const { lamp, buyer, page, basket } = await openBasket();
    const key = await page.evaluate(() => JSON.parse(localStorage.getItem("doorbuster.basket") ?? "{}").key);
    await buyer.client.orders.place({ lines: [{ productId: lamp.id, quantity: 1 }], idempotencyKey: key });
    await basket
      .line(lamp)
      .getByRole("button", { name: /^One more/ })
      .click();
    await basket.pay.click();
    await expect(basket.refusal).toContainText("This basket was ordered before");
    await expectOneOrder(buyer, lamp);
    await basket.pay.click();
    await expect(basket.receipt).toContainText(`2 × ${lamp.name}`);
    expect((await buyer.client.orders.mine()).items).toHaveLength(2);
  });

  test("keeps what is put in while it is being paid", async ({ openBasket, visit, newProduct }) => {
    const stool = await newProduct();
    const { lamp, buyer, page: first, basket } = await openBasket();
    const held = await holdOrders(first);
    await basket.pay.click();
    await held.arrived;
    const second = await visit(`/catalogue?search=${encodeURIComponent(stool.name)}`, { besides: first });
    await second.getByRole("button", { name: /^Add to basket/ }).click();
    await expect(basket.lines).toHaveCount(2);
    held.open();
    await expect(basket.receipt).toContainText(lamp.name);
    await expect(basket.lines).toHaveCount(1);
    await expect(basket.line(stool)).toBeVisible();
    await expectOneOrder(buyer, lamp);
  });

  for (const [what, isPlaced] of [
    ["that never reached the shop is not ordered today", false],
    ["that became an order shows its receipt", true],
  ] as const) {
    test(`paid for yesterday ${what}`, async ({ openBasket }) => {
      const { lamp, buyer, page, basket } = await openBasket();
      const lines = [{ productId: lamp.id, quantity: 1 }];
      const key = await page.evaluate(() => JSON.parse(localStorage.getItem("doorbuster.basket") ?? "{}").key);
      if (isPlaced) await buyer.client.orders.place({ lines, idempotencyKey: key });
      const createdAt = new Date(Date.now() - 86_400_000).toISOString();
      const intent = { key, userId: buyer.userId, createdAt, lines, shownCents: lamp.priceCents };
      await page.evaluate(
        (yesterday) => localStorage.setItem(`doorbuster.order.${yesterday.key}`, JSON.stringify(yesterday)),
        intent,
      );
      await page.reload();
      if (isPlaced) {
        await expect(basket.receipt).toContainText(lamp.name);
        await expect(basket.lines).toHaveCount(0);
      } else {
        await expect(basket.summary).toContainText("An earlier try did not reach the shop");
        expect((await buyer.client.orders.mine()).items).toEqual([]);
        await basket.pay.click();
        await expect(basket.receipt).toContainText(lamp.name);
      }
      await expectOneOrder(buyer, lamp);
    });
  }

  test.describe("over a broken connection", () => {
    test.use({ expectedConsoleErrors: CONNECTION_LOST });

    test("is ordered once when the answer is lost after the commit", async ({ openBasket }) => {
      const { lamp, buyer, page, basket } = await openBasket();
      const lost = await loseNextOrdersAnswer(page);
      await basket.pay.click();
      expect(await lost.decided).toMatchObject({ result: { data: { outcome: "placed", replayed: false } } });
      await expect(basket.progress).toContainText("The connection was lost; trying again");
      lost.open();
      await expect(basket.receipt).toContainText(lamp.name);
      await expectOneOrder(buyer, lamp);
    });

    test("survives a reload after the commit, on another page", async ({ openBasket }) => {
      const { lamp, buyer, page, basket } = await openBasket();
      const lost = await loseNextOrdersAnswer(page);
      await basket.pay.click();
      await lost.decided;
      lost.open();
      await page.goto("/wallet");
      await expect(page.getByRole("link", { name: "Basket", exact: true })).toBeVisible();
      await expectOneOrder(buyer, lamp);
    });

    test("waits while the browser is offline, and goes through once when it is back", async ({ openBasket }) => {
      const { lamp, buyer, page, basket } = await openBasket();
      const lost = await loseNextOrdersAnswer(page);
      await basket.pay.click();
      await lost.decided;
      await page.context().setOffline(true);
      lost.open();
      await expect(basket.progress).toContainText(/You are offline|The connection was lost/);
      await page.screenshot({ path: test.info().outputPath("offline.png") });
      await page.context().setOffline(false);
      await expect(basket.receipt).toContainText(lamp.name);
      await expectOneOrder(buyer, lamp);
    });
  });

  test.describe("while the server is killed", () => {
    test.describe.configure({ timeout: 180_000 });
    test.use({ expectedConsoleErrors: /Failed to load resource: (net::ERR_|.* status of 50[234])/ });

    test("is ordered once when the server dies with the request in its hands", async ({
      openBasket,
      product: shop,
    }) => {
      const { lamp, buyer, page, basket } = await openBasket();
      const sent = page.waitForRequest(/orders\.place/);
      await Promise.all([basket.pay.click(), sent.then(() => shop.kill())]);
      await shop.start();
      await expect(basket.receipt).toContainText(lamp.name, { timeout: 30_000 });
      await expectOneOrder(buyer, lamp);
    });
  });
});

function clickFiveTimes(button: HTMLElement): void {
  for (let click = 0; click < 5; click++) button.click();
}

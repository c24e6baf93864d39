import type { Item } from "../client/sdk/index.ts";
import type { Account } from "./accounts.ts";
import { holdPurchases, ItemCard, loseNextAnswer } from "./sale-page.ts";
import { expectSignedIn } from "./signed-in.ts";
import { expect, itemOf, type TestFixtures, test } from "./test.ts";

const CONNECTION_LOST = /Failed to load resource: net::ERR_/;

/** The buyer had 1,000.00, and now has exactly one unit less its price. */
async function expectOneCharge(buyer: Account, item: Item): Promise<void> {
  const { items: purchases } = await buyer.client.purchases.mine();
  expect(purchases).toMatchObject([{ itemId: item.id, quantity: 1, amountCents: item.priceCents }]);
  expect(await buyer.client.wallets.mine()).toMatchObject({ balanceCents: 100_000 - item.priceCents });
}

test.describe("a purchase", () => {
  test("is charged once for five clicks before the page can draw", async ({ openSale }) => {
    const { item, buyer, page, buy, receipt } = await openSale();
    const held = await holdPurchases(page);
    await buy.evaluate(clickFiveTimes);
    await held.arrived;
    await buy.evaluate(clickFiveTimes);
    held.open();
    await expect(receipt).toContainText("You were buyer number 1");
    await expectOneCharge(buyer, item);
  });

  test("disables its button within the frame of the click", async ({ openSale }) => {
    const { page, buy, receipt } = await openSale();
    const held = await holdPurchases(page);
    await expectSignedIn(page);
    const inFrame = await buy.evaluate(
      (button: HTMLButtonElement) =>
        new Promise((resolve) => {
          // In one frame the callbacks come before the picture: what the next ones see, the buyer sees.
          requestAnimationFrame(() => {
            button.click();
            requestAnimationFrame(() =>
              resolve({ disabled: button.disabled, busy: button.getAttribute("aria-busy"), name: button.textContent }),
            );
          });
        }),
    );
    expect(inFrame).toMatchObject({ disabled: true, busy: "true", name: expect.stringContaining("Buying") });
    held.open();
    await expect(receipt).toBeVisible();
  });

  test.describe("over a broken connection", () => {
    test.use({ expectedConsoleErrors: CONNECTION_LOST });

    test("is charged once when the answer is lost after the commit, and finds its receipt", async ({ openSale }) => {
      const { item, buyer, page, buy, receipt, progress } = await openSale();
      const lost = await loseNextAnswer(page);
      await buy.click();
      expect(await lost.decided).toMatchObject({ result: { data: { outcome: "purchased", replayed: false } } });
      await expect(progress).toContainText("The connection was lost; trying again");
      await page.screenshot({ path: test.info().outputPath("connection-lost.png") });
      lost.open();
      await expect(receipt).toContainText("You were buyer number 1");
      await expectOneCharge(buyer, item);
    });

    test("survives a reload after the commit", async ({ openSale }) => {
      const { item, buyer, page, buy, receipt } = await openSale();
      const lost = await loseNextAnswer(page);
      await buy.click();
      await lost.decided;
      await page.reload();
      lost.open();
      await expect(receipt).toContainText("You were buyer number 1");
      await expectOneCharge(buyer, item);
    });

    test("that never reached the shop is asked about after a reload, and bought only then", async ({ openSale }) => {
      const { item, buyer, page, refusal, receipt, buy } = await openSale();
      const held = await holdPurchases(page);
      await buy.click();
      await held.arrived;
      expect((await buyer.client.purchases.mine()).items).toEqual([]);
      await page.reload();
      held.open();
      await expect(refusal).toContainText("Your purchase waits");
      expect((await buyer.client.purchases.mine()).items).toEqual([]);
      await refusal.getByRole("button", { name: "Buy it now" }).click();
      await expect(receipt).toContainText("You were buyer number 1");
      await expectOneCharge(buyer, item);
    });

    test("made before the tab was closed shows its receipt on whatever page is opened next", async ({
      openSale,
      visit,
    }) => {
      const { item, buyer, page, buy } = await openSale();
      const lost = await loseNextAnswer(page);
      await buy.click();
      await lost.decided;
      const next = await visit("/catalogue", { besides: page });
      await page.close();
      const notice = next.getByRole("region", { name: "Went through" });
      await expect(notice).toContainText("Lamp A went through: €19.99 paid");
      await notice.getByRole("link", { name: "Receipt" }).click();
      await expect(next.getByRole("main")).toContainText("Lamp A");
      await expectOneCharge(buyer, item);
    });

    test("waits while the browser is offline, and goes through when it is back", async ({ openSale }) => {
      const { item, buyer, page, buy, receipt, progress } = await openSale();
      await expectSignedIn(page);
      await page.context().setOffline(true);
      await expect(page.getByRole("status").filter({ hasText: "You are offline" }).first()).toBeVisible();
      await buy.click();
      await expect(progress).toContainText(/You are offline|The connection was lost/);
      await page.screenshot({ path: test.info().outputPath("offline.png") });
      await page.context().setOffline(false);
      await expect(receipt).toContainText("You were buyer number 1");
      await expect(page.getByText("You are offline")).toHaveCount(0);
      await expectOneCharge(buyer, item);
    });
  });

  test("says so when the shop does not answer at all", async ({ openSale }) => {
    const { page, buy, receipt, progress } = await openSale();
    const held = await holdPurchases(page);
    await buy.click();
    await expect(progress).toContainText("The shop has not answered yet");
    held.open();
    await expect(receipt).toBeVisible();
  });

  test("is the same purchase in a second tab", async ({ visit, newSale, newBuyer }) => {
    const { item, buyer, first, second, held } = await buyBeforeTwoTabs({ visit, newSale, newBuyer });
    held.open();
    for (const tab of [first, second]) {
      await expect(new ItemCard(tab, item).receipt).toContainText("You were buyer number 1");
    }
    await expectOneCharge(buyer, item);
  });

  test("pressed in two tabs in the same instant is two, and each tab has the receipt of its own", async ({
    visit,
    newSale,
    newBuyer,
  }) => {
    const sale = await newSale();
    const item = itemOf(sale);
    const buyer = await newBuyer();
    const first = await visit("/no-such-page", { as: buyer });
    // Neither has heard of the other's click.
    await first.context().addInitScript(() => {
      window.addEventListener("storage", (event) => event.stopImmediatePropagation(), { capture: true });
    });
    await first.goto(`/sales/${sale.id}`);
    const second = await visit(`/sales/${sale.id}`, { besides: first });
    // Once it knows who is here a tab reads what the browser has noted; after that only the event would tell it.
    for (const tab of [first, second]) await expectSignedIn(tab);
    const tabs = [];
    for (const tab of [first, second]) tabs.push({ card: new ItemCard(tab, item), held: await holdPurchases(tab) });
    for (const { card } of tabs) await card.buy.click();
    for (const { held } of tabs) await held.arrived;
    // Who pressed later is answered first, and does not wait for the other.
    const answered = tabs.reverse();
    for (const [index, { card, held }] of answered.entries()) {
      held.open();
      await expect(card.receipt).toContainText(`You were buyer number ${index + 1}`);
    }
    for (const [index, { card }] of answered.entries()) {
      await expect(card.receipt).toContainText(`You were buyer number ${index + 1}`);
    }
    expect((await buyer.client.purchases.mine()).items).toHaveLength(2);
  });

  test("is asked about in the second tab when the first one is closed, and shown there if it went through", async ({
    visit,
    newSale,
    newBuyer,
  }) => {
    const { item, buyer, first, second } = await buyBeforeTwoTabs({ visit, newSale, newBuyer });
    await first.close();
    const card = new ItemCard(second, item);
    // The browser may let go of the request that stood at the gate.
    await expect(card.receipt.or(card.refusal)).toBeVisible();
    if (await card.refusal.isVisible()) await card.refusal.getByRole("button", { name: "Buy it now" }).click();
    await expect(card.receipt).toContainText("You were buyer number 1");
    await expectOneCharge(buyer, item);
  });

  test.describe("while the server is killed", () => {
    test.describe.configure({ timeout: 180_000 });
    test.use({ expectedConsoleErrors: /Failed to load resource: (net::ERR_|.* status of 50[234])/ });

    test("is charged once when the server dies between the commit and the answer", async ({ openSale, product }) => {
      const { item, buyer, page, buy, receipt, progress } = await openSale();
      const lost = await loseNextAnswer(page);
      await buy.click();
      await lost.decided;
      await product.kill();
      lost.open();
      await expect(progress).toContainText("The connection was lost");
      await expect(page.getByText("The live view was lost")).toBeVisible();
      await page.screenshot({ path: test.info().outputPath("reconnecting.png") });
      await product.start();
      await expect(receipt).toContainText("You were buyer number 1", { timeout: 30_000 });
      await expect(page.getByText("The live view was lost")).toHaveCount(0);
      await expectOneCharge(buyer, item);
    });

    test("is charged once when the server dies with the request in its hands", async ({ openSale, product }) => {
      const { item, buyer, page, buy, receipt } = await openSale();
      const sent = page.waitForRequest(/purchases\.buy/);
      await Promise.all([buy.click(), sent.then(() => product.kill())]);
      await product.start();
      await expect(receipt).toContainText("You were buyer number 1", { timeout: 30_000 });
      await expectOneCharge(buyer, item);
    });
  });
});

/** A purchase that stands at the gate in one tab, and a second tab that knows of it. */
async function buyBeforeTwoTabs({ visit, newSale, newBuyer }: Pick<TestFixtures, "visit" | "newSale" | "newBuyer">) {
  const sale = await newSale();
  const item = itemOf(sale);
  const buyer = await newBuyer();
  const first = await visit(`/sales/${sale.id}`, { as: buyer });
  const held = await holdPurchases(first);
  await new ItemCard(first, item).buy.click();
  await held.arrived;
  const second = await visit(`/sales/${sale.id}`, { besides: first });
  await expect(new ItemCard(second, item).buy).toBeDisabled();
  return { item, buyer, first, second, held };
}

function clickFiveTimes(button: HTMLElement): void {
  for (let click = 0; click < 5; click++) button.click();
}

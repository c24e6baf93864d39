import type { Page, Request } from "@playwright/test";
import type { Item } from "../client/sdk/index.ts";
import { ItemCard } from "./sale-page.ts";
import { expect, itemOf, test } from "./test.ts";

/** More than the six connections that a browser has to a shop over HTTP/1.1. */
const TABS = 8;

test.describe("many tabs of one browser", () => {
  test("watch a sale by one stream, and buying does not wait for it", async ({ visit, newSale, newBuyer, product }) => {
    const sale = await newSale({ items: [{ stock: 50 }] });
    const item = itemOf(sale);
    const first = await visit(`/sales/${sale.id}`, { as: await newBuyer() });
    const tabs = [first];
    while (tabs.length < TABS) tabs.push(await visit(`/sales/${sale.id}`, { besides: first }));
    await expect.poll(() => product.openStreams()).toBe(1);
    await new ItemCard(tabs.at(-1) ?? first, item).buy.click();
    await expect(new ItemCard(tabs.at(-1) ?? first, item).receipt).toContainText("You were buyer number 1");
    await expectLeft(tabs, item, "49 of 50 left");
    expect(await product.openStreams()).toBe(1);
  });

  test("go on within seconds when the one that has the stream is closed, crashes or is hidden", async ({
    visit,
    newSale,
    newBuyer,
    product,
  }) => {
    const sale = await newSale({ items: [{ stock: 50 }] });
    const item = itemOf(sale);
    const buyer = await newBuyer();
    const first = await visit(`/sales/${sale.id}`);
    const leaders = new Map<Request, Page>();
    const context = first.context();
    context.on("request", (request) => {
      if (request.url().includes("sales.watch")) leaders.set(request, request.frame().page());
    });
    context.on("requestfailed", (request) => leaders.delete(request));
    await first.reload();
    let tabs = [first];
    while (tabs.length < 4) tabs.push(await visit(`/sales/${sale.id}`, { besides: first }));
    let left = 50;
    for (const end of [
      (page: Page) => page.close(),
      async (page: Page) => {
        const crashed = page.waitForEvent("crash");
        const session = await page.context().newCDPSession(page);
        session.send("Page.crash").catch(() => {});
        await crashed;
      },
      (page: Page) => show(page, "hidden"),
    ]) {
      await expect.poll(() => leaders.size).toBe(1);
      const [[stream, leader] = []] = leaders;
      if (!stream || !leader) throw new Error("Nobody leads");
      tabs = tabs.filter((tab) => tab !== leader);
      await end(leader);
      leaders.delete(stream);
      await expect.poll(() => leaders.size).toBe(1);
      left -= 1;
      await buyer.client.purchases.buy({ itemId: item.id });
      await expectLeft(tabs, item, `${left} of 50 left`);
    }
    await expect.poll(() => product.openStreams()).toBe(1);
  });

  test("of different sales are all live, and buying does not wait", async ({ visit, newSale, newBuyer, product }) => {
    const sales = await Promise.all(Array.from({ length: TABS }, () => newSale({ items: [{ stock: 50 }] })));
    const buyer = await newBuyer();
    const tabs: Page[] = [];
    for (const { id } of sales) tabs.push(await visit(`/sales/${id}`, tabs[0] ? { besides: tabs[0] } : { as: buyer }));
    for (const [index, sale] of sales.entries()) {
      const page = tabs[index];
      if (!page) throw new Error("A tab is missing");
      await buyer.client.purchases.buy({ itemId: itemOf(sale).id });
      await expectLeft([page], itemOf(sale), "49 of 50 left");
      await new ItemCard(page, itemOf(sale)).buy.click();
      await expect(new ItemCard(page, itemOf(sale)).receipt).toContainText("You were buyer number 2");
    }
    expect(await product.openStreams()).toBe(1);
  });

  test("that are hidden, or show another page, hold no stream, and show what is so when somebody looks again", async ({
    visit,
    newSale,
    newBuyer,
    product,
  }) => {
    const sale = await newSale({ items: [{ stock: 50 }] });
    const page = await visit(`/sales/${sale.id}`);
    await expect.poll(() => product.openStreams()).toBe(1);
    await show(page, "hidden");
    await expect.poll(() => product.openStreams()).toBe(0);
    await (await newBuyer()).client.purchases.buy({ itemId: itemOf(sale).id });
    await show(page, "visible");
    await expectLeft([page], itemOf(sale), "49 of 50 left");
    await page.getByRole("navigation", { name: "Main" }).getByRole("link", { name: "Catalogue" }).click();
    await expect.poll(() => product.openStreams()).toBe(0);
  });

  test("have a stream each where they cannot hear each other", async ({ visit, newSale, product }) => {
    const sale = await newSale();
    const first = await visit("/no-such-page");
    await first.context().addInitScript(() => Reflect.deleteProperty(globalThis, "BroadcastChannel"));
    await first.goto(`/sales/${sale.id}`);
    await visit(`/sales/${sale.id}`, { besides: first });
    await expect.poll(() => product.openStreams()).toBe(2);
  });
});

async function expectLeft(tabs: readonly Page[], item: Item, words: string): Promise<void> {
  for (const tab of tabs) await expect(new ItemCard(tab, item).card.getByText(words)).toBeVisible();
}

/** Headless browsers show all of their tabs: the page is told otherwise. */
async function show(page: Page, state: DocumentVisibilityState): Promise<void> {
  await page.evaluate((visibilityState) => {
    Object.defineProperty(document, "visibilityState", { value: visibilityState, configurable: true });
    document.dispatchEvent(new Event("visibilitychange"));
  }, state);
}

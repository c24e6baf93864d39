import { expect, test } from "./test.ts";

// The browser itself notes each request that failed.
test.use({ expectedConsoleErrors: /Failed to load resource|dynamically imported module/ });

const ROUTES = [
  { link: "Catalogue", heading: "Catalogue" },
  { link: /^Basket/, heading: "Basket" },
  { link: "Purchases", heading: "Your purchases" },
  { link: "Wallet", heading: "Wallet" },
] as const;

test.describe("offline", () => {
  for (const { link, heading } of ROUTES) {
    test(`a page that was not loaded yet says so, and comes by itself: ${heading}`, async ({
      visit,
      newSale,
      newBuyer,
    }) => {
      const sale = await newSale();
      const page = await visit(`/sales/${sale.id}`, { as: await newBuyer() });
      await expect(page.getByRole("link", { name: /Wallet balance/ })).toBeVisible();
      await page.context().setOffline(true);
      await page.getByRole("navigation", { name: "Main" }).getByRole("link", { name: link }).click();
      const main = page.getByRole("main");
      await expect(main.getByRole("alert")).toContainText(/You are offline|The connection to the shop was lost/);
      await page.context().setOffline(false);
      await expect(main.getByRole("heading", { level: 1, name: heading })).toBeVisible();
      await expect(main.getByRole("alert")).toHaveCount(0);
    });
  }

  test("what the page loaded ahead while it was idle can be opened, and its lists come by themselves", async ({
    visit,
    newSale,
    newBuyer,
  }) => {
    const sale = await newSale();
    const page = await visit(`/sales/${sale.id}`, { as: await newBuyer() });
    await page.waitForResponse(/\/assets\/sign-up-/);
    await page.context().setOffline(true);
    await page.getByRole("navigation", { name: "Main" }).getByRole("link", { name: "Purchases" }).click();
    const main = page.getByRole("main");
    await expect(main.getByRole("heading", { level: 1, name: "Your purchases" })).toBeVisible();
    await expect(main.getByRole("alert")).toContainText(/You are offline|could not be reached/);
    await page.context().setOffline(false);
    await expect(main.getByRole("alert")).toHaveCount(0);
    await expect(main).toContainText("Nothing here yet");
  });
});

test.describe("online, a failure names what is wrong and mends itself:", () => {
  const unavailable = {
    message: "x",
    code: -32603,
    data: { reason: "UNAVAILABLE", retryable: true, requestId: "r-1" },
  };
  for (const [what, words, answer] of [
    ["the network", "could not be reached over the network", undefined],
    ["the shop", "may be starting again", { status: 502, body: "Bad gateway" }],
    ["its database", "database does not answer", { status: 503, json: { error: unavailable } }],
  ] as const) {
    test(what, async ({ visit, newProduct }) => {
      const goods = await newProduct();
      const page = await visit("/no-such-page");
      await page.route("**/trpc/products.list*", (route) => (answer ? route.fulfill(answer) : route.abort()));
      await page.goto(`/catalogue?search=${encodeURIComponent(goods.name)}`);
      await expect(page.getByRole("main").getByRole("alert")).toContainText(words);
      await page.unroute("**/trpc/products.list*");
      await expect(page.getByRole("article", { name: goods.name })).toBeVisible();
    });
  }
});

import { holdRequests } from "./gate.ts";
import { neverIdle } from "./never-idle.ts";
import { ItemCard } from "./sale-page.ts";
import { expectSignedIn } from "./signed-in.ts";
import { expect, itemOf, test } from "./test.ts";

// The browser itself notes each request that failed.
test.use({ expectedConsoleErrors: /Failed to load resource|dynamically imported module/ });

const ROUTES = [
  { link: "Catalogue", heading: "Catalogue" },
  { link: /^Basket/, heading: "Basket" },
  { link: "Purchases", heading: "Your purchases" },
  { link: "Wallet", heading: "Wallet" },
] as const;

test.describe("offline", () => {
  test("a page that was not loaded yet says so, and comes by itself", async ({ visit, newSale, newBuyer }) => {
    const sale = await newSale();
    const page = await visit("/no-such-page", { as: await newBuyer() });
    await neverIdle(page);
    await page.goto(`/sales/${sale.id}`);
    await expectSignedIn(page);
    const main = page.getByRole("main");
    for (const { link, heading } of ROUTES) {
      await page.context().setOffline(true);
      await page.getByRole("navigation", { name: "Main" }).getByRole("link", { name: link }).click();
      await expect(main.getByRole("alert")).toContainText(/You are offline|The connection to the shop was lost/);
      await page.context().setOffline(false);
      await expect(main.getByRole("heading", { level: 1, name: heading })).toBeVisible();
      await expect(main.getByRole("alert")).toHaveCount(0);
    }
  });

  test("what the page loaded ahead while it was idle can be opened, and its lists come by themselves", async ({
    visit,
    newSale,
    newBuyer,
  }) => {
    const sale = await newSale();
    const page = await visit("/no-such-page", { as: await newBuyer() });
    const asked: string[] = [];
    page.on("request", (request) => asked.push(new URL(request.url()).pathname));
    // One that fails holds up none of the others.
    await page.route(/\/assets\/catalogue-/, (route) => route.abort());
    await page.goto(`/sales/${sale.id}`);
    await page.waitForResponse(/\/assets\/sign-up-/);
    expect(asked.filter((path) => path.startsWith("/assets/catalogue-"))).toHaveLength(1);
    expect(asked.filter((path) => path.includes("console"))).toEqual([]);
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

test("a part that cannot be loaded any more comes with a new page, which is asked for only once the shop answers", async ({
  visit,
  newBuyer,
}) => {
  const page = await visit("/no-such-page", { as: await newBuyer() });
  await neverIdle(page);
  await page.goto("/no-such-page");
  // As in browsers that keep the failure of an import for as long as the page lives.
  await page.route(/\/assets\/wallet-/, (route) => route.abort());
  await page.route("**/favicon.svg", (route) => route.fulfill({ status: 502 }));
  await page.getByRole("link", { name: /Wallet balance/ }).click();
  await expect(page.getByRole("main").getByRole("alert")).toContainText("This page could not be loaded");
  const loads: string[] = [];
  page.on("load", () => loads.push(page.url()));
  for (let tries = 0; tries < 2; tries++) {
    const answered = page.waitForResponse("**/favicon.svg");
    await page.getByRole("button", { name: "Try again" }).click();
    await answered;
  }
  expect(loads).toEqual([]);
  await page.unroute("**/favicon.svg");
  const loaded = page.waitForEvent("load");
  await page.getByRole("button", { name: "Try again" }).click();
  await loaded;
  await page.unroute(/\/assets\/wallet-/);
  await expect(page.getByRole("heading", { level: 1, name: "Wallet" })).toBeVisible();
});

test("a sale is on the page and sells where its drawing cannot be loaded", async ({ visit, newSale, newBuyer }) => {
  const sale = await newSale();
  const page = await visit("/no-such-page", { as: await newBuyer() });
  await page.route(/\/assets\/door-/, (route) => route.abort());
  const failed = page.waitForEvent("requestfailed");
  await page.goto(`/sales/${sale.id}`);
  await failed;
  const { buy, receipt } = new ItemCard(page, itemOf(sale));
  await buy.click();
  await expect(receipt).toContainText("You were buyer number 1");
  await expect(page.getByRole("alert")).toHaveCount(0);
});

test("the console says so where its charts cannot be loaded, and keeps their numbers", async ({ visit, operator }) => {
  const page = await visit("/no-such-page", { as: operator });
  await page.route(/\/assets\/charts-/, (route) => route.abort());
  await page.goto("/console/tasks");
  const sales = page.getByRole("region", { name: "Sales" });
  await expect(sales.getByRole("alert")).toContainText("The chart could not be loaded");
  await expect(sales.getByRole("definition").first()).toHaveText(/^[0-9]/);
  await expect(page.getByRole("table", { name: "Tasks" })).toBeVisible();
  await page.screenshot({ path: test.info().outputPath("charts.png"), fullPage: true });
});

test("a form that cannot be loaded says so where one looks, and takes nothing of the page with it", async ({
  visit,
  newSale,
  newBuyer,
}) => {
  const sale = await newSale({ items: Array.from({ length: 6 }, (_, n) => ({ name: `Thing ${n}`, priceCents: 500 })) });
  const page = await visit("/no-such-page", { as: await newBuyer(0), viewport: { width: 390, height: 700 } });
  await page.route(/\/assets\/top-up-dialog-/, (route) => route.abort());
  await page.clock.install();
  await page.goto(`/sales/${sale.id}`);
  const { buy, refusal } = new ItemCard(page, itemOf(sale));
  await buy.click();
  await expect(refusal).toContainText("Not enough in your wallet");
  await refusal.getByRole("button", { name: "Top up wallet" }).click();
  await expect(page.getByText("The top-up form could not be loaded.")).toBeInViewport();
  // It tries again by itself. Only a new page would help here, and that takes somebody to press for it.
  const asked: string[] = [];
  page.on("request", (request) => asked.push(new URL(request.url()).pathname));
  await page.clock.fastForward(60_000);
  await page.evaluate(() => fetch("/health/live"));
  expect(asked).toContain("/health/live");
  expect(asked).not.toContain("/favicon.svg");
  await expect(refusal).toContainText("Not enough in your wallet");
  await page.unroute(/\/assets\/top-up-dialog-/);
  const loaded = page.waitForEvent("load");
  await page.getByRole("button", { name: "Try again" }).click();
  await loaded;
});

test("a shop that answers is proof enough where the browser takes itself for offline, unless it was asked before", async ({
  visit,
}) => {
  const page = await visit("/no-such-page");
  const words = page.getByText("You are offline.");
  const gate = await holdRequests(page, "**/trpc/products.list*");
  const main = page.getByRole("navigation", { name: "Main" });
  await main.getByRole("link", { name: "Catalogue" }).click();
  await gate.arrived;
  await page.evaluate(() => window.dispatchEvent(new Event("offline")));
  await expect(words).toBeVisible();
  gate.open();
  await expect(page.getByRole("article").first()).toBeVisible();
  await expect(words).toBeVisible();
  await main.getByRole("link", { name: "Sale" }).click();
  await expect(page.getByRole("timer").first()).toBeVisible();
  await expect(words).toHaveCount(0);
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

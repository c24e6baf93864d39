import type { Browser, BrowserContextOptions, Page } from "@playwright/test";
import { neverIdle } from "./never-idle.ts";
import { expect, test } from "./test.ts";

declare global {
  interface Window {
    /** How much of the page has moved while it was loading (cumulative layout shift). */
    movedBy: number;
  }
}

const SCREENS = [
  { name: "wide", viewport: { width: 1366, height: 850 }, colorScheme: "light" },
  { name: "phone", viewport: { width: 390, height: 844 }, colorScheme: "dark" },
] as const;

/** Browsers call up to 0.1 good. */
const MOVED_BY_MAX = 0.02;

const PICTURES = ["lamp", "camera", "kettle", "watch", "speaker", "sneakers"];
const ITEMS = PICTURES.map((picture) => ({ name: `Demo ${picture}`, imageUrl: `/images/${picture}.svg` }));

for (const { name, ...screen } of SCREENS) {
  test(`the page stands still while it loads: ${name}`, async ({ browser, product, newSale }) => {
    const sale = await newSale({ items: ITEMS });
    const page = await newVisitor(browser, { baseURL: product.url, ...screen });
    await page.addInitScript(() => {
      window.movedBy = 0;
      const observer = new PerformanceObserver((list) => {
        for (const entry of list.getEntries()) window.movedBy += (entry as unknown as { value: number }).value;
      });
      observer.observe({ type: "layout-shift", buffered: true });
    });
    await page.goto(`/sales/${sale.id}`);
    await loaded(page);
    await page.screenshot({ path: test.info().outputPath(`${name}.png`) });
    expect(await page.evaluate(() => window.movedBy)).toBeLessThan(MOVED_BY_MAX);
    await page.context().close();
  });
}

test("the first load is compressed, kept by the browser, and holds one font and no other route", async ({
  browser,
  product,
  newSale,
}) => {
  const sale = await newSale({ items: ITEMS });
  const page = await newVisitor(browser, { baseURL: product.url });
  await neverIdle(page);
  const responses: { origin: string; path: string; headers: Record<string, string> }[] = [];
  page.on("response", (response) => {
    const { origin, pathname } = new URL(response.url());
    responses.push({ origin, path: pathname, headers: response.headers() });
  });
  await page.goto(`/sales/${sale.id}`);
  await loaded(page);
  expect(responses.filter(({ origin }) => origin !== product.url)).toEqual([]);
  const assets = responses.filter(({ path }) => path.startsWith("/assets/"));
  expect(assets.map(({ path }) => path.replace(/-[\w-]{8}\./, ".")).sort()).toEqual([
    "/assets/archivo-latin.woff2",
    "/assets/door.js",
    "/assets/index.css",
    "/assets/index.js",
    "/assets/theme.js",
  ]);
  for (const { path, headers } of assets) {
    expect([path, headers["cache-control"]]).toEqual([path, "public, max-age=31536000, immutable"]);
    if (path.includes("/index-")) expect([path, headers["content-encoding"]]).toEqual([path, "br"]);
  }
  await page.context().close();
});

test("pictures below the fold wait, and all of them have their place before they come", async ({ visit, newSale }) => {
  const sale = await newSale({ items: ITEMS });
  const page = await visit(`/sales/${sale.id}`);
  const pictures = page.getByRole("article").locator("img");
  await expect(pictures).toHaveCount(ITEMS.length);
  const found = await pictures.evaluateAll((images: HTMLImageElement[]) =>
    images.map(({ loading, width, height }) => ({ loading, hasPlace: width > 0 && height > 0 })),
  );
  expect(found[0]).toEqual({ loading: "eager", hasPlace: true });
  expect(found.at(-1)).toEqual({ loading: "lazy", hasPlace: true });
  expect(found.every(({ hasPlace }) => hasPlace)).toBe(true);
});

test("the way to signing in is loaded when a visitor turns to the items", async ({ visit, newSale }) => {
  const sale = await newSale();
  const page = await visit("/no-such-page");
  await neverIdle(page);
  await page.goto(`/sales/${sale.id}`);
  await expect(page.getByRole("link", { name: "Sign in" })).toBeVisible();
  const signIn = page.waitForResponse(/\/assets\/sign-in-/);
  await page.getByRole("button", { name: /^Buy/ }).hover();
  expect((await signIn).ok()).toBe(true);
});

/** Somebody who was never here: nothing is in the browser's cache. */
async function newVisitor(browser: Browser, options: BrowserContextOptions): Promise<Page> {
  return (await browser.newContext(options)).newPage();
}

/** The stream of live stock keeps the network from ever being idle. */
async function loaded(page: Page): Promise<void> {
  await expect(page.getByRole("timer")).toBeVisible();
  await expect(page.getByRole("link", { name: "Sign in" })).toBeVisible();
  await page.waitForFunction(() => document.fonts.status === "loaded");
  await page.waitForFunction(() => [...document.images].every((image) => image.loading === "lazy" || image.complete));
}

import { readFile } from "node:fs/promises";
import type { Page } from "@playwright/test";
import { signUpBuyer } from "./accounts.ts";
import { fillBasket } from "./basket-page.ts";
import { ItemCard } from "./sale-page.ts";
import { expect, itemOf, type TestFixtures, test } from "./test.ts";

/*
 * Whatever people write, no page is wider than its window: made from the router itself, so that a route with a parameter
 * that has no row here fails.
 */

/** What people write that no line of a phone holds. */
const TEXTS = [
  "Hochleistungsküchenmaschinenset",
  "x".repeat(118),
  "Donaudampfschifffahrtsgesellschaftskapitänsmütze und Rindfleischetikettierungsüberwachungsaufgabe",
  "مصباح نحاسي قديم من دمشق",
  "👩‍👩‍👧‍👦".repeat(8),
] as const;

const WIDTHS = [320, 375, 768, 1440] as const;
const PRICE_CENTS_MAX = 1_000_000_000;

test("no route is wider than its window, whatever stands on it", async ({
  product,
  visit,
  operator,
  newSale,
  newProduct,
}) => {
  test.slow();
  const { buyer, word, addresses } = await fill({ product, operator, newSale, newProduct });
  const paths = await routePaths();
  expect(paths.filter((path) => path.includes("$") && !(path in addresses))).toEqual([]);
  const shown = paths.flatMap((path) => addresses[path] ?? [path]);
  for (const width of WIDTHS) {
    const viewport = { width, height: 720 };
    const [visitor, shopper, staff] = [
      await visit("/", { viewport }),
      await visit("/catalogue", { viewport, as: buyer }),
      await visit("/", { viewport, as: operator }),
    ];
    const products = (await operator.client.products.list({ search: word })).items;
    for (const one of products) await fillBasket(shopper, one);
    for (const path of [...shown, "/no-such-page"]) {
      for (const page of path.startsWith("/console") ? [staff] : [visitor, shopper]) {
        await page.goto(path);
        // The preview of a sale has the heading of another page.
        await expect(page.getByRole("heading", { level: 1, includeHidden: true }).first(), path).toBeVisible();
        await page.waitForFunction(() => document.querySelector('[aria-label^="Loading"]') === null);
        await expectNoWider(page, `${path} at ${width}`);
      }
    }
    for (const page of [visitor, shopper, staff]) await page.close();
  }
});

test("notices, receipts and dialogs are no wider than a small phone", async ({
  product,
  visit,
  operator,
  newSale,
  newProduct,
}) => {
  test.slow();
  const { buyer, sale, word } = await fill({ product, operator, newSale, newProduct });
  const page = await visit(`/sales/${sale.id}`, { viewport: { width: 320, height: 568 }, as: buyer });
  const [cheap, dear] = [new ItemCard(page, itemOf(sale, 2)), new ItemCard(page, itemOf(sale, 1))];
  await cheap.buy.click();
  await expect(cheap.receipt).toBeVisible();
  await expectNoWider(page, "a receipt");
  await dear.buy.click();
  await expect(dear.refusal).toBeVisible();
  await expectNoWider(page, "a refusal");
  await dear.refusal.getByRole("button", { name: "Top up wallet" }).click();
  await expect(page.getByRole("dialog")).toBeVisible();
  await expectNoWider(page, "a dialog");

  const [first, second] = (await operator.client.products.list({ search: word })).items;
  if (!first || !second) throw new Error("The catalogue is empty");
  await fillBasket(page, first);
  await fillBasket(page, second);
  await operator.client.products.update({ productId: first.id, available: false });
  await operator.client.products.update({ productId: second.id, priceCents: 1 });
  await page.goto("/basket");
  await expect(page.getByText("A price has changed")).toBeVisible();
  await expectNoWider(page, "notices of the basket");
  await page.getByRole("button", { name: "Remove it" }).click();
  await page.getByRole("button", { name: "Pay" }).click();
  await expect(page.getByRole("region", { name: /^Receipt for order/ })).toBeVisible();
  await expectNoWider(page, "a receipt of an order");
});

/** A buyer with all kinds of entries, and the addresses of routes that have parameters. */
async function fill({ product, operator, newSale, newProduct }: Shop) {
  const buyer = await signUpBuyer(product.url, {
    name: "y".repeat(100),
    email: `${"a".repeat(55)}${crypto.randomUUID().slice(0, 8)}@${"long-name-of-a-domain.".repeat(6)}example.com`,
  });
  const { client } = operator;
  await client.wallets.credit({ userId: buyer.userId, amountCents: 100_000, reason: "z".repeat(200) });
  const sale = await newSale({
    name: `${TEXTS[1].slice(0, 110)}`,
    items: TEXTS.map((name, index) => ({
      name,
      description: `${name}${name}`,
      priceCents: index === 1 ? PRICE_CENTS_MAX : 100,
      limitPerCustomer: 3,
    })),
  });
  const coming = await newSale({ name: TEXTS[2], startsAt: inDays(455), endsAt: inDays(456) });
  for (const item of [0, 2, 3, 4]) await buyer.client.purchases.buy({ itemId: itemOf(sale, item).id });
  // Finds the products of this test, and makes their names unlike any other's.
  const word = `z${crypto.randomUUID().slice(0, 8)}`;
  const made = [];
  for (const name of TEXTS) made.push(await newProduct({ name: `${word} ${name}`.slice(0, 120), priceCents: 200 }));
  const placed = await buyer.client.orders.place({ lines: made.map(({ id }) => ({ productId: id, quantity: 1 })) });
  if (placed.outcome !== "placed") throw new Error(placed.message);
  const [purchase] = (await buyer.client.purchases.mine()).items;
  if (!purchase) throw new Error("Nothing was bought");
  await client.orders.refund({ orderId: placed.order.orderId, reason: "q".repeat(500) });
  await client.purchases.refund({ purchaseId: purchase.purchaseId, reason: "q".repeat(500) });
  await client.tasks.submit({ taskId: "t".repeat(100), failureRate: 0 });
  const addresses: Record<string, string[]> = {
    "/sales/$saleId": [`/sales/${sale.id}`, `/sales/${coming.id}`],
    "/purchases/$receiptId": [`/purchases/${purchase.purchaseId}`, `/purchases/order-${placed.order.orderId}`],
    "/catalogue": ["/catalogue", `/catalogue?search=${word}`, `/catalogue?search=${TEXTS[1].slice(0, 100)}`],
    "/console/sales": ["/console/sales", `/console/sales?search=${word}`],
    "/console/sales/$saleId": [`/console/sales/${sale.id}`, `/console/sales/${coming.id}`],
    "/console/sales/new": ["/console/sales/new", `/console/sales/new?copy=${sale.id}`],
    "/console/sales/$saleId/live": [`/console/sales/${sale.id}/live`],
    "/console/tasks": ["/console/tasks", `/console/tasks?task=${"t".repeat(100)}`],
    "/console/people": [`/console/people?search=${"y".repeat(50)}`, `/console/people?user=${buyer.userId}`],
    "/console/warehouse": ["/console/warehouse", `/console/warehouse?product=${made[1]?.id}`],
  };
  return { buyer, sale, word, addresses };
}

type Shop = Pick<TestFixtures, "operator" | "newSale" | "newProduct"> & { product: { url: string } };

/** The paths of all routes, as the router's source has them. */
async function routePaths(): Promise<string[]> {
  const source = await readFile(new URL("../client/web/router.tsx", import.meta.url), "utf8");
  const routes = [...source.matchAll(/getParentRoute: \(\) => (\w+),\s*path: "([^"]+)"/g)];
  const parents: Record<string, string> = { rootRoute: "", consoleRoute: "/console" };
  const paths = routes.map(([, parent = "", path = ""]) => `${parents[parent] ?? `unknown parent ${parent}`}${path}`);
  expect(paths.length).toBe(source.split("createRoute({").length - 1);
  return paths;
}

/** Neither the page nor anything on it is to be scrolled sideways. */
async function expectNoWider(page: Page, name: string): Promise<void> {
  const wider = await page.evaluate(() => {
    const scrolls = (element: Element) =>
      element === document.documentElement || /auto|scroll/.test(getComputedStyle(element).overflowX);
    return [document.documentElement, ...document.querySelectorAll("body *:not(select, input)")]
      .filter((element) => element.clientWidth > 0 && scrolls(element) && element.scrollWidth > element.clientWidth)
      .map((element) => `${element.tagName} ${element.className}`);
  });
  if (wider.length > 0) await page.screenshot({ path: test.info().outputPath("wider.png"), fullPage: true });
  expect.soft(wider, name).toEqual([]);
}

function inDays(days: number): string {
  return new Date(Date.now() + days * 86_400_000).toISOString();
}

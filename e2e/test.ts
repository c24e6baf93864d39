import { type BrowserContext, type BrowserContextOptions, test as base, expect, type Page } from "@playwright/test";
import {
  type CreateProductRequest,
  type CreateSaleRequest,
  createDoorbusterClient,
  type Item,
  type Product,
  type Sale,
} from "../client/sdk/index.ts";
import { SESSION_COOKIE } from "../server/accounts/credential.ts";
import { type Account, signInOperator, signUpBuyer } from "./accounts.ts";
import { type BasketPage, openCheckout, type Wish } from "./basket-page.ts";
import { Product as Shop } from "./product.ts";
import { ItemCard } from "./sale-page.ts";

/** What a test gets, beside Playwright's own. */
export interface TestFixtures {
  /** What this test provokes in the browser's console by breaking things; any other error fails it. */
  expectedConsoleErrors: RegExp | undefined;
  /** Acts as an operator, and ends every test with the proof that nothing was lost or made. */
  operator: Account;
  /** Makes a sale that is live and ends in an hour, unless said otherwise. */
  newSale: (sale?: NewSale) => Promise<Sale>;
  /** Puts a product into the catalogue, with ten units in the first warehouse unless said otherwise. */
  newProduct: (product?: NewProduct) => Promise<Product>;
  /** Makes a buyer with this much in the wallet. */
  newBuyer: (balanceCents?: number) => Promise<Account>;
  /** Opens a page in a browser context of its own, signed in as this buyer. */
  visit: (path: string, options?: VisitOptions) => Promise<Page>;
  /** Opens a sale's page as a buyer, who has 1,000.00 unless said otherwise, at the sale's first item. */
  openSale: (sale?: NewSale, buyer?: OpenOptions) => Promise<OpenedSale>;
  /** Fills a basket as a buyer, with one lamp unless said otherwise, and opens its checkout. */
  openBasket: (wishes?: readonly Wish[], buyer?: OpenOptions) => Promise<OpenedBasket>;
}

export interface OpenedSale extends ItemCard {
  readonly sale: Sale;
  readonly item: Item;
  readonly buyer: Account;
  readonly page: Page;
}

export interface OpenedBasket {
  readonly lamp: Product;
  readonly buyer: Account;
  readonly page: Page;
  readonly basket: BasketPage;
}

/** A new buyer, unless `as` says who. */
export interface OpenOptions extends VisitOptions {
  balanceCents?: number | undefined;
}

export interface NewSale extends Partial<Omit<CreateSaleRequest, "items">> {
  items?: Partial<CreateSaleRequest["items"][number]>[];
}

export interface NewProduct extends Partial<CreateProductRequest> {
  units?: number;
}

export interface VisitOptions extends BrowserContextOptions {
  as?: Account;
  /** Opens a second tab of this page's browser instead of a new one. */
  besides?: Page;
}

export const test = base.extend<TestFixtures, { product: Shop }>({
  product: [
    // biome-ignore lint/correctness/noEmptyPattern: Playwright reads the names of what a fixture needs from the pattern.
    async ({}, use) => {
      await using product = await Shop.start();
      await use(product);
    },
    { scope: "worker", timeout: 180_000 },
  ],

  expectedConsoleErrors: [undefined, { option: true }],

  operator: [
    async ({ product }, use) => {
      const operator = await signInOperator(product.url);
      await use(operator);
      const { ok, checks } = await operator.client.operations.reconcile();
      expect(ok ? [] : checks.filter((check) => !check.ok)).toEqual([]);
    },
    { auto: true },
  ],

  newSale: async ({ operator }, use) => {
    await use(({ items = [{}], ...sale } = {}) =>
      operator.client.sales.create({
        name: `Sale ${crypto.randomUUID().slice(0, 8)}`,
        startsAt: new Date(Date.now() - 60_000).toISOString(),
        endsAt: new Date(Date.now() + 3_600_000).toISOString(),
        ...sale,
        items: items.map((item, index) => ({
          name: `Lamp ${"ABCDEF"[index]}`,
          priceCents: 1_999,
          stock: 100,
          ...item,
        })),
      }),
    );
  },

  newProduct: async ({ operator }, use) => {
    await use(async ({ units = 10, ...product } = {}) => {
      const { id } = await operator.client.products.create({
        name: `Product ${crypto.randomUUID().slice(0, 8)}`,
        priceCents: 2_500,
        ...product,
      });
      if (units > 0) await operator.client.products.receive({ productId: id, units });
      const { items } = await operator.client.products.list({ productIds: [id] });
      if (!items[0]) throw new Error(`Product ${id} is not in the catalogue`);
      return items[0];
    });
  },

  newBuyer: async ({ product, operator }, use) => {
    await use(async (balanceCents = 100_000) => {
      const buyer = await signUpBuyer(product.url);
      if (balanceCents > 0) {
        await operator.client.wallets.credit({ userId: buyer.userId, amountCents: balanceCents, reason: "Test money" });
      }
      return buyer;
    });
  },

  openSale: async ({ newSale, newBuyer, visit }, use) => {
    await use(async (wanted, { balanceCents, ...options } = {}) => {
      const sale = await newSale(wanted);
      const buyer = options.as ?? (await newBuyer(balanceCents));
      const page = await visit(`/sales/${sale.id}`, { ...options, as: buyer });
      const item = itemOf(sale);
      return { sale, item, buyer, page, ...new ItemCard(page, item) };
    });
  },

  openBasket: async ({ newProduct, newBuyer, visit }, use) => {
    await use(async (wanted, { balanceCents, ...options } = {}) => {
      const lamp = wanted?.[0]?.[0] ?? (await newProduct());
      const buyer = options.as ?? (await newBuyer(balanceCents));
      const page = await visit("/basket", { ...options, as: buyer });
      return { lamp, buyer, page, basket: await openCheckout(page, wanted ?? [[lamp, 1]]) };
    });
  },

  visit: async ({ browser, product, expectedConsoleErrors }, use) => {
    const contexts = new Set<BrowserContext>();
    const errors: string[] = [];
    await use(async (path, { as, besides, ...options } = {}) => {
      const context = besides?.context() ?? (await browser.newContext({ baseURL: product.url, ...options }));
      if (!contexts.has(context)) {
        contexts.add(context);
        context.on("weberror", (error) => errors.push(String(error.error())));
        context.on("console", (message) => {
          if (message.type() === "error") errors.push(`${message.text()} (${message.location().url})`);
        });
        if (as) {
          // The session that the account was made with: the tests of signing in go the long way.
          const value = encodeURIComponent(as.token);
          await context.addCookies([
            { name: SESSION_COOKIE, value, url: product.url, httpOnly: true, sameSite: "Lax" },
          ]);
        }
      }
      const page = await context.newPage();
      await page.goto(path);
      return page;
    });
    for (const context of contexts) await context.close();
    expect(errors.filter((error) => !expectedConsoleErrors?.test(error))).toEqual([]);
  },
});

/** A program without an account. */
export function anyone(product: Shop) {
  return createDoorbusterClient({ url: product.url });
}

/** The first item of a sale that a test made with one. */
export function itemOf(sale: Sale, index = 0): Item {
  const item = sale.items[index];
  if (!item) throw new Error(`Sale ${sale.id} has no item ${index}`);
  return item;
}

export { expect } from "@playwright/test";

import { expect, type Locator, type Page } from "@playwright/test";
import type { Product } from "../client/sdk/index.ts";
import { holdRequests, loseNextAnswerOf } from "./gate.ts";
import { expectSignedIn } from "./signed-in.ts";

/** The basket and its checkout, found as a person finds them. */
export class BasketPage {
  readonly lines: Locator;
  /** Idle, or with an order in flight. */
  readonly pay: Locator;
  readonly summary: Locator;
  readonly receipt: Locator;
  readonly refusal: Locator;
  /** What happens to the order in flight, in words. */
  readonly progress: Locator;

  constructor(page: Page) {
    this.lines = page.getByRole("list", { name: "Basket" }).getByRole("listitem");
    this.summary = page.getByRole("region", { name: "Summary" });
    this.pay = this.summary.getByRole("button", { name: /^Pay/ });
    this.receipt = page.getByRole("region", { name: /^Receipt for order/ });
    this.refusal = this.summary.getByRole("alert");
    this.progress = this.summary.getByRole("status");
  }

  line(product: Product): Locator {
    return this.lines.filter({ hasText: product.name });
  }

  quantity(product: Product): Locator {
    return this.line(product).getByRole("textbox", { name: `Quantity of ${product.name}` });
  }
}

/** Puts this many units into the basket, the way a buyer does. */
export async function fillBasket(page: Page, product: Product, units = 1): Promise<void> {
  await page.goto(`/catalogue?search=${encodeURIComponent(product.name)}`);
  const card = page.getByRole("article", { name: product.name });
  for (let count = 1; count <= units; count++) {
    await card.getByRole("button").click();
    await expect(card.getByRole("link", { name: `${count} in your basket` })).toBeVisible();
  }
}

/** A product and how many units of it. */
export type Wish = readonly [Product, number];

/** Fills the basket of whoever is signed in here, and goes to its checkout. */
export async function openCheckout(page: Page, wishes: readonly Wish[]): Promise<BasketPage> {
  for (const [product, units] of wishes) await fillBasket(page, product, units);
  await page.goto("/basket");
  const basket = new BasketPage(page);
  await expect(basket.pay).toBeEnabled();
  await expectSignedIn(page);
  return basket;
}

export function holdOrders(page: Page) {
  return holdRequests(page, PLACE);
}

export function loseNextOrdersAnswer(page: Page) {
  return loseNextAnswerOf(page, PLACE);
}

const PLACE = "**/trpc/orders.place*";

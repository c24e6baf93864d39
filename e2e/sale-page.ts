import type { Locator, Page } from "@playwright/test";
import type { Item } from "../client/sdk/index.ts";
import { holdRequests, loseNextAnswerOf } from "./gate.ts";

/** One item's card on a sale's page, found as a person finds it. */
export class ItemCard {
  readonly card: Locator;
  /** Idle, or with a purchase in flight. */
  readonly buy: Locator;
  readonly receipt: Locator;
  readonly refusal: Locator;
  /** What happens to the purchase in flight, in words. */
  readonly progress: Locator;

  constructor(page: Page, item: Item) {
    this.card = page.getByRole("article", { name: item.name });
    this.buy = this.card.getByRole("button", { name: /^Buy(ing)? / });
    this.receipt = page.getByRole("region", { name: `Receipt for ${item.name}` });
    this.refusal = this.card.getByRole("alert");
    this.progress = this.card.getByRole("status");
  }
}

/** Stops the page's purchases on their way to the shop, at a gate that the test opens. */
export function holdPurchases(page: Page) {
  return holdRequests(page, BUY);
}

/** Lets the shop decide on the page's next purchase, and loses the answer; those after it stand at a gate. */
export function loseNextAnswer(page: Page) {
  return loseNextAnswerOf(page, BUY);
}

/** Answers the page's purchases with this, in the shop's place. */
export async function answerPurchases(page: Page, data: unknown): Promise<void> {
  await page.route(BUY, (route) => route.fulfill({ json: { result: { data } } }));
}

const BUY = "**/trpc/purchases.buy*";

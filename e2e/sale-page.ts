import type { Locator, Page, Route } from "@playwright/test";
import type { Item } from "../client/sdk/index.ts";
import { deferred } from "../server/testing/deferred.ts";

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

/**
 * Stops the page's purchases on their way to the shop, at a gate that the test opens.
 *
 * @returns `arrived` resolves once a purchase stands at the gate
 */
export async function holdPurchases(page: Page): Promise<{ arrived: Promise<void>; open: () => void }> {
  const arrived = deferred();
  const gate = deferred();
  await page.route(BUY, async (route) => {
    arrived.resolve();
    await gate.promise;
    await continueIfOpen(route);
  });
  return { arrived: arrived.promise, open: () => gate.resolve() };
}

/**
 * Lets the shop decide on the page's next purchase, and loses the answer on its way back. Purchases after it stand at a
 * gate that the test opens.
 *
 * @returns `decided` resolves with the answer that was lost
 */
export async function loseNextAnswer(page: Page): Promise<{ decided: Promise<unknown>; open: () => void }> {
  const decided = deferred<unknown>();
  const gate = deferred();
  let isFirst = true;
  await page.route(BUY, async (route) => {
    if (isFirst) {
      isFirst = false;
      const answer = await route.fetch();
      decided.resolve(await answer.json());
      return route.abort("connectionreset");
    }
    await gate.promise;
    await continueIfOpen(route);
  });
  return { decided: decided.promise, open: () => gate.resolve() };
}

/** Answers the page's purchases with this, in the shop's place. */
export async function answerPurchases(page: Page, data: unknown): Promise<void> {
  await page.route(BUY, (route) => route.fulfill({ json: { result: { data } } }));
}

const BUY = "**/trpc/purchases.buy*";

/** The request may be gone: its page was closed or loaded anew. */
async function continueIfOpen(route: Route): Promise<void> {
  await route.continue().catch(() => {});
}

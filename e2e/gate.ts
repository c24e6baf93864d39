import type { Page, Route } from "@playwright/test";

/**
 * Stops the page's requests to an address on their way to the shop, at a gate that the test opens.
 *
 * @returns `arrived` resolves once a request stands at the gate
 */
export async function holdRequests(page: Page, address: string): Promise<{ arrived: Promise<void>; open: () => void }> {
  const arrived = Promise.withResolvers<void>();
  const gate = Promise.withResolvers<void>();
  await page.route(address, async (route) => {
    arrived.resolve();
    await gate.promise;
    await continueIfOpen(route);
  });
  return { arrived: arrived.promise, open: () => gate.resolve() };
}

/**
 * Lets the shop decide on the page's next request to an address, and loses the answer on its way back. Requests after it
 * stand at a gate that the test opens.
 *
 * @returns `decided` resolves with the answer that was lost
 */
export async function loseNextAnswerOf(
  page: Page,
  address: string,
): Promise<{ decided: Promise<unknown>; open: () => void }> {
  const decided = Promise.withResolvers<unknown>();
  const gate = Promise.withResolvers<void>();
  let isFirst = true;
  await page.route(address, async (route) => {
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

/** The request may be gone: its page was closed or loaded anew. */
async function continueIfOpen(route: Route): Promise<void> {
  await route.continue().catch(() => {});
}

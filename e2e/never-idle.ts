import type { Page } from "@playwright/test";

/** From the next load on the browser is never idle, however long a test takes: the page loads nothing ahead by itself. */
export async function neverIdle(page: Page): Promise<void> {
  await page.addInitScript(() => Object.assign(window, { requestIdleCallback: () => 0 }));
}

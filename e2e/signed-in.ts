import { expect, type Page } from "@playwright/test";

/**
 * Waits until the page knows who is here. Buy and Pay can be pressed before that, and then wait for it too: what a test does
 * to the session in between would be done before the click, and not after it.
 */
export async function expectSignedIn(page: Page): Promise<void> {
  await expect(page.getByRole("banner").getByRole("button", { name: "Sign out" })).toBeVisible();
}

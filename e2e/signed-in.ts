import { expect, type Page } from "@playwright/test";
import type { Account } from "./accounts.ts";

/**
 * Waits until the page knows who is here. Buy and Pay can be pressed before that, and then wait for it too: what a test does
 * to the session in between would be done before the click, and not after it.
 */
export async function expectSignedIn(page: Page): Promise<void> {
  await expect(page.getByRole("banner").getByRole("button", { name: "Sign out" })).toBeVisible();
}

/** Fills the form of the page that is open. */
export async function signIn(page: Page, { email, password }: Pick<Account, "email" | "password">): Promise<void> {
  const main = page.getByRole("main");
  await main.getByLabel("E-mail address").fill(email);
  await main.getByLabel("Password").fill(password);
  await main.getByRole("button", { name: "Sign in", exact: true }).click();
}

import { AxeBuilder } from "@axe-core/playwright";
import type { Locator, Page } from "@playwright/test";
import { expect, test } from "./test.ts";

/**
 * Fails on any violation of WCAG 2.2 A and AA, and of axe's best practices.
 *
 * @param but rules that are left out
 */
export async function expectAccessible(
  page: Page,
  name: string,
  { but = [] }: { readonly but?: readonly string[] } = {},
): Promise<void> {
  await page.evaluate(finishAnimations);
  await page.screenshot({ path: test.info().outputPath(`${name}.png`), fullPage: true });
  const { violations } = await new AxeBuilder({ page }).disableRules([...but]).analyze();
  const found = violations.map(({ id, help, nodes }) => ({
    id,
    help,
    where: nodes.map(({ target }) => target.join(" ")),
  }));
  expect(found, name).toEqual([]);
}

/** What is half faded in has not the contrast that it will have. */
function finishAnimations(): void {
  for (const animation of document.getAnimations()) {
    if (animation.effect?.getComputedTiming().endTime !== Number.POSITIVE_INFINITY) animation.finish();
  }
}

/** Presses Tab until the element has the focus, as a person would. */
export async function tabTo(page: Page, element: Locator): Promise<void> {
  for (let presses = 0; presses < 40; presses++) {
    if (await element.evaluate((node) => node === document.activeElement)) return;
    await page.keyboard.press("Tab");
  }
  throw new Error("The keyboard does not get there");
}

/** The smallest that is still sold. */
export const PHONE = { viewport: { width: 320, height: 640 }, isMobile: true, hasTouch: true, deviceScaleFactor: 2 };

export async function expectNoSidewaysScroll(page: Page, name: string): Promise<void> {
  await page.screenshot({ path: test.info().outputPath(`${name}.png`), fullPage: true });
  const overflow = await page.evaluate(
    () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
  );
  expect(overflow, name).toBeLessThanOrEqual(0);
}

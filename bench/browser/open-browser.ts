import type { Browser } from "@playwright/test";
import { SkippedFigure } from "../figure.ts";
import type { Stage } from "../stage.ts";

/** A real browser, without a window. @throws SkippedFigure when this machine has none: the bench installs nothing */
export async function openBrowser(stage: Stage): Promise<Browser> {
  // Only these figures need them.
  const [{ chromium }, { findChromium }] = await Promise.all([
    import("@playwright/test"),
    import("../../e2e/chromium.ts"),
  ]);
  const executablePath = await findChromium();
  if (executablePath === undefined) throw new SkippedFigure("No Chromium is installed (npm test installs one).");
  const browser = await chromium.launch({
    executablePath,
    args: ["--disable-background-networking", ...(process.getuid?.() === 0 ? ["--no-sandbox"] : [])],
    // The bench takes everything away by itself.
    handleSIGINT: false,
    handleSIGTERM: false,
    handleSIGHUP: false,
  });
  stage.onEnd(() => browser.close());
  return browser;
}

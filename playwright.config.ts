import { defineConfig } from "@playwright/test";
import { ensureChromium } from "./e2e/chromium.ts";

const executablePath = await ensureChromium((sentence) => process.stderr.write(`${sentence} …\n`));
// Playwright reads this file again in every worker, which then need not look any further.
process.env.CHROMIUM_PATH = executablePath;

const isRoot = process.getuid?.() === 0;

// biome-ignore lint/style/noDefaultExport: Playwright reads its configuration from the default export.
export default defineConfig({
  testDir: "e2e",
  globalSetup: "./e2e/global-setup.ts",
  outputDir: "test-results",
  // Each worker has a product with a database of its own, which serves its tests one after the other: one that kills it
  // kills nobody else's.
  workers: 2,
  forbidOnly: process.env.CI !== undefined,
  // No test is about how long something takes: these only end one that would never end.
  timeout: 240_000,
  expect: { timeout: 60_000 },
  reporter: [["list"]],
  use: {
    browserName: "chromium",
    locale: "en-GB",
    timezoneId: "UTC",
    screenshot: "only-on-failure",
    launchOptions: {
      executablePath,
      args: [
        // The browser talks to nobody but the product.
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-domain-reliability",
        "--disable-quic",
        "--no-first-run",
        ...(isRoot ? ["--no-sandbox"] : []),
      ],
    },
  },
});

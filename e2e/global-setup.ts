import { join } from "node:path";
import { buildPage } from "../server/page/build-page.ts";

/** Builds the page before the workers start, so that their products find it and need not each build it. */
// biome-ignore lint/style/noDefaultExport: Playwright takes the default export.
export default async function globalSetup(): Promise<void> {
  await buildPage(join(import.meta.dirname, ".."), () => {});
}

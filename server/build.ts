import { join } from "node:path";
import { buildPage } from "./page/build-page.ts";

/** `npm run build`: builds the page, so that a start has nothing to build. */
await buildPage(join(import.meta.dirname, ".."), (sentence) => process.stdout.write(`${sentence} …\n`));

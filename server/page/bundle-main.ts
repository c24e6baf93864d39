import { bundlePage } from "./bundle-page.ts";

/** What `bundleApart` runs: `bundle-main.ts ROOT FOLDER`. */
const [root = "", folder = ""] = process.argv.slice(2);
await bundlePage(root, folder);

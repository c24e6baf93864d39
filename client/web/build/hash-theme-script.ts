import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Plugin } from "vite";

/**
 * Gives the script that chooses light or dark a hash in its name. Nothing is painted before it has run, so a browser
 * that was here before should have it, and not ask whether it is still the same.
 */
export function hashThemeScript(): Plugin {
  let reference = "";
  return {
    name: "hash-theme-script",
    apply: "build",
    buildStart() {
      const source = readFileSync(join(import.meta.dirname, "..", "public", "theme.js"));
      reference = this.emitFile({ type: "asset", name: "theme.js", source });
    },
    generateBundle: {
      order: "post",
      handler(_options, bundle) {
        const index = bundle["index.html"];
        if (index?.type !== "asset") throw new Error("The page has no index.html");
        index.source = String(index.source).replace('"/theme.js"', `"/${this.getFileName(reference)}"`);
      },
    },
  };
}

import { join } from "node:path";
import type { Rolldown } from "vite";

/** Bundles the page's sources into this folder, as they go into production. Answers what it wrote. */
export async function bundlePage(root: string, folder: string): Promise<Rolldown.RolldownOutput> {
  const { build } = await import("vite");
  const { NODE_ENV } = process.env;
  try {
    // Libraries look at it while they are bundled, and Vite sets it where it is missing: the page is always the
    // production one, and this process stays what it is.
    process.env.NODE_ENV = "production";
    const output = await build({
      configFile: join(root, "vite.config.ts"),
      mode: "production",
      logLevel: "error",
      build: { outDir: folder, emptyOutDir: true },
    });
    if (!("output" in output)) throw new Error("The page is bundled once, into one folder");
    return output;
  } finally {
    if (NODE_ENV === undefined) delete process.env.NODE_ENV;
    else process.env.NODE_ENV = NODE_ENV;
  }
}

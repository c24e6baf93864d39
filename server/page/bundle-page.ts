import { execFile } from "node:child_process";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

/**
 * Bundles the page's sources into this folder, as they go into production, by Vite's own command: the bundler takes some
 * 400 MB, which a server that runs for months should not keep.
 *
 * @throws an error with what the bundler complains of
 */
export async function bundlePage(root: string, folder: string): Promise<void> {
  const vite = fileURLToPath(new URL("bin/vite.js", import.meta.resolve("vite/package.json")));
  const config = ["--config", join(root, "vite.config.ts"), "--outDir", folder, "--emptyOutDir", "--logLevel", "error"];
  // Libraries look at it while they are bundled: the page is always the production one, whatever this process is.
  const env = { ...process.env, NODE_ENV: "production" };
  await promisify(execFile)(process.execPath, [vite, "build", ...config], { cwd: root, env }).catch(
    (error: Error & { stderr?: string }) => {
      throw new Error(`The page cannot be built: ${error.stderr?.trim() || error.message}`, { cause: error });
    },
  );
}

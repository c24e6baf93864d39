import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";

/**
 * Bundles the page as `bundlePage` does, in a process of its own: the bundler takes some 400 MB, which a server that runs
 * for months should not keep.
 *
 * @throws an error with what the bundler complains of
 */
export async function bundleApart(root: string, folder: string): Promise<void> {
  await promisify(execFile)(process.execPath, [BUNDLE_MAIN, root, folder], { cwd: root }).catch(
    (error: Error & { stderr?: string }) => {
      throw new Error(`The page cannot be built: ${error.stderr?.trim() || error.message}`, { cause: error });
    },
  );
}

const BUNDLE_MAIN = join(import.meta.dirname, "bundle-main.ts");

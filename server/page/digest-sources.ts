import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { readdir, readFile } from "node:fs/promises";
import { join, relative } from "node:path";

/** Changes with the content of anything that the page is made of or by, and with nothing else. */
export async function digestSources(root: string): Promise<string> {
  const hash = createHash("sha256");
  const paths = (await Promise.all(SOURCES.map((source) => filesIn(join(root, source))))).flat();
  const contents = await Promise.all(paths.map((path) => readFile(path)));
  for (const [index, path] of paths.entries()) hash.update(`${relative(root, path)}\0`).update(contents[index] ?? "");
  return hash.digest("hex");
}

const SOURCES = ["client", "shared", "server/page", "vite.config.ts", "package-lock.json"];

async function filesIn(path: string): Promise<string[]> {
  const entries = await readdir(path, { withFileTypes: true }).catch(() => undefined);
  if (!entries) return existsSync(path) ? [path] : [];
  const named = entries
    .filter(({ name }) => !/\.test(-d)?\.tsx?$/.test(name))
    .sort((a, b) => (a.name < b.name ? -1 : 1));
  const found = await Promise.all(
    named.map((entry) => (entry.isDirectory() ? filesIn(join(path, entry.name)) : [join(path, entry.name)])),
  );
  return found.flat();
}

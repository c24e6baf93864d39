import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { mkdir, readdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { join, relative } from "node:path";

/**
 * Builds the page into `dist/web` unless what is there was built from these very sources. It is built beside it and
 * put in its place whole, so nobody is ever served a half.
 *
 * @param root the project's folder
 * @returns the folder of the built page; undefined where there is neither a built page nor sources
 */
export async function buildPage(
  root: string,
  onProgress: (sentence: string) => void = () => {},
): Promise<string | undefined> {
  const folder = join(root, "dist", "web");
  const isBuilt = existsSync(join(folder, "index.html"));
  // Where only the built page was installed, it is taken as it is.
  if (!existsSync(join(root, "client", "web", "index.html"))) return isBuilt ? folder : undefined;
  const sources = await digest(root);
  if (isBuilt && (await readFile(join(folder, STAMP), "utf8").catch(() => "")) === sources) return folder;
  onProgress("Building the page");
  await buildInto(folder, root, sources);
  return folder;
}

const STAMP = ".sources";

const SOURCES = ["client", "shared", "vite.config.ts", "package-lock.json"];

async function buildInto(folder: string, root: string, stamp: string): Promise<void> {
  const { build } = await import("vite");
  const beside = `${folder}.${process.pid}`;
  const { NODE_ENV } = process.env;
  try {
    // Libraries look at it while they are bundled, and Vite sets it where it is missing: the page is always the
    // production one, and this process stays what it is.
    process.env.NODE_ENV = "production";
    await build({
      configFile: join(root, "vite.config.ts"),
      mode: "production",
      logLevel: "error",
      build: { outDir: beside, emptyOutDir: true },
    });
    await writeFile(join(beside, STAMP), stamp);
    await mkdir(join(folder, ".."), { recursive: true });
    await rm(folder, { recursive: true, force: true });
    await rename(beside, folder);
  } finally {
    if (NODE_ENV === undefined) delete process.env.NODE_ENV;
    else process.env.NODE_ENV = NODE_ENV;
    await rm(beside, { recursive: true, force: true });
  }
}

/** Changes with the content of anything that the page is made of, and with nothing else. */
async function digest(root: string): Promise<string> {
  const hash = createHash("sha256");
  for (const path of (await Promise.all(SOURCES.map((source) => filesIn(join(root, source))))).flat()) {
    hash.update(`${relative(root, path)}\0`).update(await readFile(path));
  }
  return hash.digest("hex");
}

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

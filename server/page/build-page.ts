import { existsSync } from "node:fs";
import { mkdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { bundlePage } from "./bundle-page.ts";
import { compressFiles } from "./compress-files.ts";
import { digestSources } from "./digest-sources.ts";
import { type BuildAssets, keepAssets } from "./keep-assets.ts";

/**
 * Builds the page into `dist/web` unless what is there was built from these very sources. It is built beside it and
 * put in its place whole, so nobody is ever served a half. A shop that runs from this folder is not disturbed: it keeps
 * the page that it started with, and pages that are open find their assets for a few builds.
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
  const sources = await digestSources(root);
  if (isBuilt && (await readRecord(folder)).sources === sources) return folder;
  onProgress("Building the page");
  await buildInto(folder, root, sources);
  return folder;
}

async function buildInto(folder: string, root: string, sources: string): Promise<void> {
  const beside = `${folder}.${process.pid}`;
  try {
    await bundlePage(root, beside);
    await compressFiles(beside);
    const before = await readRecord(folder);
    // Another process that started at the same time was quicker.
    if (before.sources === sources) return;
    const assets = await keepAssets({ from: folder, to: beside, kept: before.assets });
    await writeFile(join(beside, RECORD), JSON.stringify({ sources, assets } satisfies BuildRecord));
    await mkdir(join(folder, ".."), { recursive: true });
    await rm(folder, { recursive: true, force: true });
    await rename(beside, folder);
  } finally {
    await rm(beside, { recursive: true, force: true });
  }
}

/** What a build says about itself, in a file that is not served. */
interface BuildRecord {
  /** The digest of its sources. */
  readonly sources: string;
  /** Its assets, and those of the builds before it that are still there. */
  readonly assets: readonly BuildAssets[];
}

const RECORD = ".build.json";

async function readRecord(folder: string): Promise<BuildRecord> {
  try {
    return JSON.parse(await readFile(join(folder, RECORD), "utf8")) as BuildRecord;
  } catch {
    return { sources: "", assets: [] };
  }
}

import { copyFile, readdir } from "node:fs/promises";
import { join } from "node:path";

/** The names of the assets of one build. */
export type BuildAssets = readonly string[];

/**
 * Takes the assets of the last few builds over into a new one. A page that is open asks for its next part under the
 * name that it had in its own build, and should find it after a newer one was put in place.
 *
 * @param kept what this answered for the build in `from`, the newest build first
 * @returns the same for the build in `to`
 */
export async function keepAssets({ from, to, kept }: KeepAssets): Promise<BuildAssets[]> {
  const fresh = (await readdir(join(to, "assets"))).sort();
  const earlier = kept.filter((assets) => assets.join() !== fresh.join()).slice(0, EARLIER_BUILDS_KEPT);
  const missing = new Set(earlier.flat().filter((name) => !fresh.includes(name)));
  await Promise.all(
    [...missing].map((name) =>
      // One that somebody has removed is not worth a failed build.
      copyFile(join(from, "assets", name), join(to, "assets", name)).catch(() => {}),
    ),
  );
  return [fresh, ...earlier];
}

export interface KeepAssets {
  readonly from: string;
  readonly to: string;
  readonly kept: readonly BuildAssets[];
}

/** A sale lasts for hours, and few rebuild more often than this while one is on. Each takes up about half a megabyte. */
const EARLIER_BUILDS_KEPT = 4;

import { mkdir, mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it, onTestFinished } from "vitest";
import { type BuildAssets, keepAssets } from "./keep-assets.ts";

it("keeps the assets of a few builds, not of all", async () => {
  const root = await mkdtemp(join(tmpdir(), "doorbuster-assets-"));
  onTestFinished(() => rm(root, { recursive: true, force: true }));
  const folderOf = (build: number) => join(root, String(build));
  let kept: BuildAssets[] = [];
  for (let build = 1; build <= 7; build++) {
    await mkdir(join(folderOf(build), "assets"), { recursive: true });
    await writeFile(join(folderOf(build), "assets", `main-${build}.js`), "");
    kept = await keepAssets({ from: folderOf(build - 1), to: folderOf(build), kept });
  }
  const left = await readdir(join(folderOf(7), "assets"));
  expect(left.sort()).toEqual(["main-3.js", "main-4.js", "main-5.js", "main-6.js", "main-7.js"]);
});

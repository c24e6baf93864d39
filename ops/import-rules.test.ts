import { globSync, readFileSync } from "node:fs";
import { dirname, join, normalize } from "node:path";
import { expect, it } from "vitest";

/*
 * The table "What lives where" of docs/architecture.md is the rule: each folder imports from those that its row names and
 * from the kit, types included, and a row names none that stands below it. Read from the document, because neither
 * dependency-cruiser (it needs the compiler's API, which TypeScript 7 has not, or a parser that does not know `using`)
 * nor Biome (patterns of relative paths, folder by folder) could say it without saying it twice. Circles of files are
 * Biome's `noImportCycles`. Tests, fixtures and `server/testing/` put together what they like.
 */

const ROOT = join(import.meta.dirname, "..");

/** The rows from the first to this one are the kit, which all below of the server may use. */
const KIT_ENDS = "server/http";

const [, table = ""] = readFileSync(join(ROOT, "docs/architecture.md"), "utf8").split("\n## What lives where\n");
const rows = [...(table.split("\n## ")[0] ?? "").matchAll(/^\| `([\w/]+)\/` \| .* \| (.*) \|$/gm)];
const folders = rows.map(([, folder = ""]) => folder);
const kit = folders.slice(0, folders.indexOf(KIT_ENDS) + 1);
const named = new Map(
  rows.map(([, folder = "", cell = ""]) => [
    folder,
    [...cell.matchAll(/`([\w/]+)\/`/g)].map(([, name = ""]) =>
      folders.includes(`server/${name}`) ? `server/${name}` : name,
    ),
  ]),
);

/** From each folder to those that it imports from, with one file for each. */
function importsFound(): Map<string, Map<string, string>> {
  const found = new Map(folders.map((folder) => [folder, new Map<string, string>()]));
  for (const file of globSync("{shared,drizzle,server,client}/**/*.{ts,tsx}", { cwd: ROOT, exclude: isOutside })) {
    if (/\.(test|fixture)\.tsx?$/.test(file)) continue;
    const from = folderOf(file);
    expect(from, `${file} is in no folder of the table`).toBeDefined();
    const text = readFileSync(join(ROOT, file), "utf8");
    for (const [, path = ""] of text.matchAll(/(?:\bfrom |\bimport\(|^import )"(\.[^"]+)"/gm)) {
      const to = folderOf(normalize(join(dirname(file), path)));
      if (from !== undefined && to !== undefined && to !== from) found.get(from)?.set(to, file);
    }
  }
  return found;
}

function isOutside(path: string): boolean {
  return /(^|\/)(node_modules|dist|testing)$/.test(path);
}

/** What a folder may use without saying so. */
function usable(folder: string): readonly string[] {
  return folder.startsWith("server") && !kit.includes(folder) ? kit : [];
}

/** The row with the longest name. */
function folderOf(file: string): string | undefined {
  return folders
    .filter((folder) => file.startsWith(`${folder}/`))
    .sort((a, b) => b.length - a.length)
    .at(0);
}

it("imports run one way: no folder names one that stands below it", () => {
  expect(folders.length).toBeGreaterThan(20);
  for (const [folder, names] of named) {
    for (const name of names) {
      expect(folders, `${folder} may use ${name}`).toContain(name);
      expect(folders.indexOf(name), `${folder} may use ${name}`).toBeLessThan(folders.indexOf(folder));
    }
  }
});

it("each folder imports what its row names, and nothing else", () => {
  for (const [folder, imports] of importsFound()) {
    const names = named.get(folder) ?? [];
    const allowed = new Set([...usable(folder), ...names]);
    for (const [to, file] of imports) expect(allowed, `${file} imports from ${to}`).toContain(to);
    const unused = names.filter((name) => !imports.has(name));
    expect(unused, `${folder} may use what it does not`).toEqual([]);
  }
});

import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { environmentSchema } from "./environment.ts";

const ROOT = join(import.meta.dirname, "../..");

/** Settings that only end a start, with a sentence. */
const GONE = ["PROCESSES", "PURCHASES_MEET"];
const SETTINGS = Object.keys(environmentSchema.shape).filter((name) => !GONE.includes(name));

test(".env.example has every setting", async () => {
  const text = await readFile(join(ROOT, ".env.example"), "utf8");
  const named = new Set([...text.matchAll(/^#? ?([A-Z_]+)=/gm)].map(([, name]) => name));
  expect(SETTINGS.filter((name) => !named.has(name))).toEqual([]);
});

test("the table in docs/operations.md has every setting", async () => {
  const text = await readFile(join(ROOT, "docs/operations.md"), "utf8");
  const [, table = ""] = /\n## Settings\n(.*?)\n## /s.exec(text) ?? [];
  const named = new Set<string>();
  for (const [row] of table.matchAll(/^\| `[A-Z_`, ]+\|/gm)) {
    // `LIMIT_READS_PER_SECOND`, `_BURST` names two that begin alike.
    const [first = "", ...others] = row.match(/[A-Z_]+/g) ?? [];
    named.add(first);
    for (const other of others) named.add(other.startsWith("_") ? first.replace(/_PER_SECOND$/, other) : other);
  }
  expect(SETTINGS.filter((name) => !named.has(name))).toEqual([]);
});

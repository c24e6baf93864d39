import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { REFUSALS } from "./refusals.ts";

test("docs/sales.md lists every refusal with its status, in their order", async () => {
  const text = await readFile(join(import.meta.dirname, "../docs/sales.md"), "utf8");
  const [, table = ""] = /## Why a purchase is refused(.*?)\n## /s.exec(text) ?? [];
  const rows = [...table.matchAll(/^\| `([A-Z_]+)` \|.*\| (\d+) \|$/gm)].map(([, code, status]) => [
    code,
    Number(status),
  ]);
  expect(rows).toEqual(Object.entries(REFUSALS).map(([code, { status }]) => [code, status]));
});

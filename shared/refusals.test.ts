import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { ORDER_REFUSALS } from "./order-refusals.ts";
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

test("docs/api.md lists every refusal of an order with its status and code, in their order", async () => {
  const text = await readFile(join(import.meta.dirname, "../docs/api.md"), "utf8");
  const rows = [...text.matchAll(/^\| (\d+) \| `([A-Z_]+)` \| `(SQLITE_[A-Z]+)` \|/gm)];
  const listed = rows.map(([, status, code = "", errorCode]) => [code, { errorCode, status: Number(status) }] as const);
  expect(listed.filter(([code]) => code in ORDER_REFUSALS)).toEqual(
    Object.entries(ORDER_REFUSALS).map(([code, { errorCode, status }]) => [code, { errorCode, status }]),
  );
});

test("whatever the refusal, the buyer learns that nothing was charged or what is missing", () => {
  for (const [code, { title, text }] of [...Object.entries(REFUSALS), ...Object.entries(ORDER_REFUSALS)]) {
    expect(title, code).not.toBe("");
    expect(text, code).toMatch(/[Nn]othing was charged|^\{message\}$/);
  }
});

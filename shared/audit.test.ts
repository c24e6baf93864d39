import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { AUDIT_ACTIONS } from "./audit.ts";

it("knows every action that the database's own functions write down", () => {
  const folder = join(import.meta.dirname, "../drizzle/functions");
  const texts = globSync("*.sql", { cwd: folder }).map((file) => readFileSync(join(folder, file), "utf8"));
  const calls = texts.flatMap((text) => [...text.matchAll(/perform audit_order\(([\s\S]*?)p_(?:actor|customer)_id,/g)]);
  const actions = calls.flatMap(([, named = ""]) => [...named.matchAll(/'(\w+\.\w+)'/g)].map(([, action]) => action));
  expect(actions.toSorted()).toEqual(["orders.place", "orders.refund", "orders.reject"]);
  expect(Object.keys(AUDIT_ACTIONS)).toEqual(expect.arrayContaining(actions));
});

import { hash } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";

/** By their SHA-256. A store remembers what it has run, and never runs it again. */
const RELEASED = {
  "migrations/0000_baseline.sql": "3ebcf6f1dacc4e63279bff698182bf82bb270140261f32f84545b1311e2ff0a4",
  "warehouse/migrations/0000_baseline.sql": "bb43f8597420ad0c0426a7d0113c969dace98552d95c6ae80583de4012d71ace",
};

it.each(Object.entries(RELEASED))(
  "%s was released, and is never changed: a change is a new migration",
  (file, known) => {
    expect(hash("sha256", readFileSync(join(import.meta.dirname, file), "utf8"))).toBe(known);
  },
);

it.each(["migrations", "warehouse/migrations"])("%s run in the order of their numbers", (folder) => {
  const text = readFileSync(join(import.meta.dirname, folder, "meta/_journal.json"), "utf8");
  const entries: { tag: string; when: number }[] = JSON.parse(text).entries;
  const numbers = entries.map((_, number) => String(number).padStart(4, "0"));
  expect(entries.map(({ tag }) => tag.slice(0, 4))).toEqual(numbers);
  // One that is older than the last that a store has run is never run.
  expect(entries.map(({ when }) => when)).toEqual(entries.map(({ when }) => when).toSorted((a, b) => a - b));
});

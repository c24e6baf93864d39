import { existsSync, readFileSync } from "node:fs";
import { expect, it } from "vitest";

const root = new URL("..", import.meta.url);
const page = readFileSync(new URL("docs/security.md", root), "utf8");
const paths = [
  ...new Set([...page.matchAll(/`((?:client|drizzle|e2e|ops|server|shared)\/[^`\s]*)`/g)].map(([, path = ""]) => path)),
];

it("docs/security.md names files that are there", () => {
  expect(paths.length).toBeGreaterThan(30);
  expect(paths.filter((path) => !existsSync(new URL(path, root)))).toEqual([]);
});

it("each test that docs/security.md names by its words is in its file", () => {
  const named = [...page.matchAll(/`([^`]+\.(?:test|spec)\.ts)`: ((?:"[^"]+"(?:, )?)+)/g)].flatMap(
    ([, path = "", words = ""]) => [...words.matchAll(/"([^"]+)"/g)].map(([, title = ""]) => ({ path, title })),
  );
  expect(named.length).toBeGreaterThan(20);
  const missing = named.filter(({ path, title }) => !readFileSync(new URL(path, root), "utf8").includes(title));
  expect(missing).toEqual([]);
});

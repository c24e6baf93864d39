import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";
import { expect, it } from "vitest";

/** Every entry of Drizzle that the server imports, and one of our own modules. */
const IMPORTED = [
  "drizzle-orm",
  "drizzle-orm/pg-core",
  "drizzle-orm/postgres-js",
  "drizzle-orm/migrator",
  "drizzle-orm/postgres-js/migrator",
  join(import.meta.dirname, "../drizzle/schema/index.ts"),
];

const PRINT_EXPORTS = `
  const names = {};
  for (const name of ${JSON.stringify(IMPORTED)}) names[name] = Object.keys(await import(name));
  const { sql } = await import("drizzle-orm");
  const { PgDialect } = await import("drizzle-orm/pg-core");
  console.log(JSON.stringify([names, new PgDialect().sqlToQuery(sql\`select \${1}\`).sql]));
`;

it("imports what Node would import without it", async () => {
  const [plain, quick] = await Promise.all([exportsWith(), exportsWith("--import", "./server/quick-imports.js")]);
  expect(plain).toContain("pgTable");
  expect(quick).toBe(plain);
});

async function exportsWith(...flags: string[]): Promise<string> {
  const argv = [...flags, "--input-type=module", "--eval", PRINT_EXPORTS];
  const { stdout } = await promisify(execFile)(process.execPath, argv, { cwd: join(import.meta.dirname, "..") });
  return stdout;
}

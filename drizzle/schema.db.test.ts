import { join } from "node:path";
import { expect, it } from "vitest";
import { createTestDatabase } from "../server/testing/test-database.ts";
import * as schema from "./schema/index.ts";
import { describeBoth, missingMigration } from "./schema.fixture.ts";

it("has a migration for every change of the schema", async () => {
  expect(await missingMigration(schema, join(import.meta.dirname, "migrations"))).toEqual([]);
});

it("is made by its migrations as the schema declares it", async () => {
  await using test = await createTestDatabase();
  const { made, declared } = await describeBoth(test.sql, schema);
  expect(made.length).toBeGreaterThan(300);
  expect(made).toEqual(declared);
});

import { join } from "node:path";
import { readMigrationFiles } from "drizzle-orm/migrator";
import { expect, it } from "vitest";
import { createTestDatabase } from "../server/testing/test-database.ts";

it("operators of a store of before may move money as before, and nobody else may", async () => {
  await using test = await createTestDatabase();
  const [before, rights] = readMigrationFiles({ migrationsFolder: join(import.meta.dirname, "migrations") });
  const rows = await test.sql.begin(async (tx) => {
    await tx`create schema before`;
    await tx`select set_config('search_path', 'before, pg_catalog', true)`;
    for (const statement of before?.sql ?? []) await tx.unsafe(statement);
    await tx`
      insert into users (id, name, email, role)
      values (gen_random_uuid(), 'Otto', 'otto@example.com', 'operator'), (gen_random_uuid(), 'Bea', 'bea@example.com', 'buyer')`;
    for (const statement of rights?.sql ?? []) await tx.unsafe(statement);
    return tx`select name, role, may_move_money from users order by name`;
  });
  expect(rows).toEqual([
    { name: "Bea", role: "buyer", may_move_money: false },
    { name: "Otto", role: "operator", may_move_money: true },
  ]);
});

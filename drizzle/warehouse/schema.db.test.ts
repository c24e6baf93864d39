import { join } from "node:path";
import postgres from "postgres";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { migrate } from "../../server/database/migrate.ts";
import { createTestDatabase, type TestDatabase } from "../../server/testing/test-database.ts";
import { WAREHOUSE_FOLDER } from "../../server/warehouse/service/start-warehouse.ts";
import { describeBoth, missingMigration } from "../schema.fixture.ts";
import * as schema from "./schema.ts";

const SCHEMA = "warehouse";

let test: TestDatabase;
let sql: postgres.Sql;

beforeAll(async () => {
  test = await createTestDatabase();
  await migrate({ url: test.url, schema: SCHEMA, folder: WAREHOUSE_FOLDER });
  sql = postgres(test.adminUrl, { max: 2, onnotice: () => {}, connection: { search_path: `${SCHEMA}, pg_catalog` } });
});

afterAll(async () => {
  await sql.end();
  await test[Symbol.asyncDispose]();
});

describe("the warehouse's store", () => {
  it("has a migration for every change of the schema", async () => {
    expect(await missingMigration(schema, join(WAREHOUSE_FOLDER, "migrations"))).toEqual([]);
  });

  it("is made by its migrations as the schema declares it", async () => {
    const { made, declared } = await describeBoth(sql, schema);
    expect(made.length).toBeGreaterThan(30);
    expect(made).toEqual(declared);
  });

  it("lets nobody rewrite the history or the answers, nor take a product away, nor stock fall below zero", async () => {
    await sql`insert into products (product_id, name, stock_quantity) values (1, 'Lamp', 1)`;
    await sql`
      insert into inventory_updates (product_id, quantity_change, previous_stock, new_stock, reference, idempotency_key)
      values (1, 1, 0, 1, 'r', 'k')`;
    await sql`insert into idempotency_records (key, fingerprint, response_data) values ('k', 'f', '{}')`;
    for (const statement of [
      "update inventory_updates set quantity_change = 2",
      "delete from inventory_updates",
      "truncate inventory_updates",
      "update idempotency_records set response_data = '[]'",
      "delete from idempotency_records",
      "truncate idempotency_records",
      "delete from products",
    ]) {
      await expect(sql.unsafe(statement), statement).rejects.toMatchObject({ code: "23001" });
    }
    const refused = (statement: string, constraint: string) =>
      expect(sql.unsafe(statement), statement).rejects.toMatchObject({ constraint_name: constraint });
    await refused("update products set stock_quantity = -1", "products_stock_never_negative");
    await refused("insert into idempotency_records values ('k', 'f', '{}')", "idempotency_records_one_per_key");
    const columns = "(product_id, quantity_change, previous_stock, new_stock, reference, idempotency_key)";
    const insert = (values: string) => `insert into inventory_updates ${columns} values ${values}`;
    await refused(insert("(1, -1, 1, 0, 'r', 'k')"), "inventory_updates_one_per_key_and_product");
    await refused(insert("(1, -1, 1, 1, 'r', 'l')"), "inventory_updates_add_up");
    await refused(insert("(2, 1, 0, 1, 'r', 'l')"), "inventory_updates_of_a_product");
  });
});

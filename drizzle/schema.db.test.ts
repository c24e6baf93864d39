import { getTableColumns, getTableName, is, Table } from "drizzle-orm";
import { getViewConfig, type PgColumn, PgView } from "drizzle-orm/pg-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createTestDatabase, type TestDatabase } from "../server/testing/test-database.ts";
import { dumpSchema } from "./dump-schema.ts";
import * as schema from "./schema/index.ts";

let test: TestDatabase;

beforeAll(async () => {
  test = await createTestDatabase();
});

afterAll(() => test[Symbol.asyncDispose]());

describe("the schema that the migrations make from nothing", () => {
  it("is the committed one", async () => {
    const committed = new URL("./schema.snapshot.txt", import.meta.url);
    const dumped = await dumpSchema(test.sql);
    // Running the tests with `--update` writes a new snapshot, to be read and committed with its migration.
    await expect(dumped).toMatchFileSnapshot(committed.pathname);
  });

  it("has exactly the tables, columns and types that Drizzle is told of", async () => {
    const actual = await test.sql`
      select table_name, column_name, is_nullable = 'YES' as nullable,
        case data_type when 'ARRAY' then ltrim(udt_name, '_') || '[]' else data_type end as data_type
      from information_schema.columns
      where table_schema = current_schema() and table_name not like '\\_\\_%'`;
    const declared = Object.values(schema).flatMap((relation) => {
      if (is(relation, Table)) return describeColumns(getTableName(relation), getTableColumns(relation), false);
      if (is(relation, PgView)) {
        const { name, selectedFields } = getViewConfig(relation);
        return describeColumns(name, selectedFields, true);
      }
      return [];
    });
    const found = actual.map((row) => {
      // A view's columns are all nullable for PostgreSQL.
      const isView = row.table_name === "movements";
      return `${row.table_name}.${row.column_name} ${row.data_type}${row.nullable && !isView ? "" : " not null"}`;
    });
    expect(declared.toSorted()).toEqual(found.toSorted());
  });
});

function describeColumns(name: string, columns: object, isView: boolean): string[] {
  return Object.values(columns as Record<string, PgColumn>)
    .filter((column) => typeof column?.getSQLType === "function")
    .map((column) => {
      const type = column.getSQLType();
      return `${name}.${column.name} ${type}${column.notNull || isView ? " not null" : ""}`;
    });
}

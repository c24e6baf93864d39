import { randomBytes } from "node:crypto";
import postgres from "postgres";
import { expect, it } from "vitest";
import { createTestDatabase } from "../../testing/test-database.ts";
import { ensureRoleDatabase } from "./ensure-role-database.ts";

it("gives a user a database of its own, and no way into another", async () => {
  await using test = await createTestDatabase();
  await using other = await makeName(test.sql);
  const url = await ensureRoleDatabase(test.url, { name: other.name, password: "first" });

  const own = postgres(url, { max: 1, onnotice: () => {} });
  await own`create schema mine`;
  const [who] = await own`select current_user::text as user, current_database()::text as database`;
  await own.end();
  expect(who).toEqual({ user: other.name, database: other.name });
  const shop = new URL(url);
  shop.pathname = new URL(test.url).pathname;
  await expect(ask(shop.href)).rejects.toThrow("permission denied for database");
  // The shop's own user still gets in everywhere.
  expect(await ask(test.url)).toBe(1);
});

it("may be called again and at once, and takes the latest password", async () => {
  await using test = await createTestDatabase();
  await using other = await makeName(test.sql);
  const urls = await Promise.all(
    [1, 2, 3].map(() => ensureRoleDatabase(test.url, { name: other.name, password: "it's \\ one" })),
  );
  expect(new Set(urls).size).toBe(1);
  const url = await ensureRoleDatabase(test.url, { name: other.name, password: "another" });
  expect(await ask(url)).toBe(1);
});

it("refuses a name that is no plain one", async () => {
  await using test = await createTestDatabase();
  await expect(ensureRoleDatabase(test.url, { name: 'x"; drop', password: "p" })).rejects.toThrow("not a plain name");
});

async function ask(url: string): Promise<number> {
  const sql = postgres(url, { max: 1, onnotice: () => {} });
  try {
    const [row] = await sql<{ one: number }[]>`select 1 as one`;
    return row?.one ?? 0;
  } finally {
    await sql.end();
  }
}

/** A name that nobody else has; what was made under it is gone with the test. */
async function makeName(admin: postgres.Sql) {
  const name = `role_test_${randomBytes(6).toString("hex")}`;
  return {
    name,
    async [Symbol.asyncDispose]() {
      await admin.unsafe(`drop database if exists ${name} with (force)`);
      await admin.unsafe(`drop role if exists ${name}`);
    },
  };
}

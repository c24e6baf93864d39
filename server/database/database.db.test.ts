import { sql } from "drizzle-orm";
import { expect, test } from "vitest";
import { users } from "../../drizzle/schema/index.ts";
import { createTestDatabase } from "../testing/test-database.ts";

test("commits what the work returns, and undoes what it throws", async () => {
  await using t = await createTestDatabase();
  const id = crypto.randomUUID();
  await t.database.withTransaction((tx) => tx.insert(users).values({ id, name: "A", email: "a@example.com" }));
  await expect(
    t.database.withTransaction(async (tx) => {
      await tx.insert(users).values({ id: crypto.randomUUID(), name: "B", email: "b@example.com" });
      throw new Error("undo");
    }),
  ).rejects.toThrow("undo");
  expect(await t.database.db.select({ id: users.id }).from(users)).toEqual([{ id }]);
  expect(await t.database.db.execute(sql`select 1 as one`)).toEqual([{ one: 1 }]);
});

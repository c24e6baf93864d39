import { randomBytes } from "node:crypto";
import postgres from "postgres";
import { expect, it } from "vitest";
import { explainError } from "../../processes/explain-error.ts";
import { eventually } from "../../testing/eventually.ts";
import { createTestDatabase } from "../../testing/test-database.ts";
import { isDatabaseAway, retryWhileAway } from "../retry-while-away.ts";
import { ensureRoleDatabase, ensureServerRole } from "./databases.ts";
import { killPostmaster, temporaryFolder } from "./embedded.fixture.ts";
import { superviseEmbedded } from "./supervise-embedded.ts";

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

it("is told as a database that is away, and done again when it is back, where the server is killed meanwhile", {
  timeout: 120_000,
}, async () => {
  await using folder = await temporaryFolder();
  const kept = await superviseEmbedded({ dataDir: folder.path, onDeath: () => {} });
  const cluster = `${folder.path}/postgres`;
  for (const ensure of [ensureServerRole, ensureWarehouse]) {
    const holder = postgres(kept.url, { max: 1, onnotice: () => {} });
    await holder`select pg_advisory_lock(hashtext('doorbuster role database'))`;
    const failing = ensure(kept.url).catch((error: unknown) => error);
    await eventually("it waits for its turn", async () => {
      const [{ waiting } = {}] = await holder`select count(*)::int as waiting from pg_locks where not granted`;
      return waiting === 1;
    });
    await killPostmaster(cluster);
    expect(isDatabaseAway(await failing)).toBe(true);
    await holder.end({ timeout: 0 });
    expect(
      await ask(
        await retryWhileAway(
          () => ensure(kept.url),
          () => {},
        ),
      ),
    ).toBe(1);
  }
  await kept.release();
  // Nobody answers any more.
  const refused = await ensureServerRole(kept.url).catch((error: unknown) => error);
  expect(isDatabaseAway(refused)).toBe(true);
  expect(explainError(refused)).toMatch(/^No PostgreSQL server answers at 127\.0\.0\.1:\d+\.$/);
});

function ensureWarehouse(url: string): Promise<string> {
  return ensureRoleDatabase(url, { name: "warehouse", password: "secret" });
}

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

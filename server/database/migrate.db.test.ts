import postgres from "postgres";
import { expect, test } from "vitest";
import { explainError } from "../processes/explain-error.ts";
import { createTestDatabase } from "../testing/test-database.ts";
import { storeFolder } from "./migrate.fixture.ts";
import { migrate } from "./migrate.ts";
import { sqlStateOf } from "./sqlstate.ts";

test("makes the store it is told to and nothing outside it, however many processes start at once", async () => {
  await using t = await createTestDatabase();
  await using folder = await storeFolder(
    "create table things (id serial primary key);\n--> statement-breakpoint\ninsert into things default values;",
  );
  const store = { url: t.url, schema: "second store", folder: folder.path };
  await Promise.all(Array.from({ length: 5 }, () => migrate(store)));
  expect(await t.sql`select * from "second store".things`).toHaveLength(1);
  expect(await tables(t, "second store")).toEqual(["__drizzle_migrations", "__functions", "things"]);
  expect(await tables(t, "public")).toEqual([]);
  expect(await tables(t, "drizzle")).toEqual([]);

  await folder.add("create table more (id integer);");
  await migrate(store);
  await migrate(store);
  expect(await tables(t, "second store")).toEqual(["__drizzle_migrations", "__functions", "more", "things"]);
});

test("a user without the right to make a store is told so, and needs none once it is made and up to date", async () => {
  await using t = await createTestDatabase();
  await using folder = await storeFolder("create table things (id integer);");
  const user = `u${crypto.randomUUID().replaceAll("-", "")}`;
  await t.sql.unsafe(`create role ${user} login password 'secret'`);
  const url = Object.assign(new URL(t.url), { username: user, password: "secret" }).href;
  const store = { url, schema: "granted", folder: folder.path };
  try {
    await expect(migrate(store)).rejects.toThrow(`The user "${user}" may not make or change the store`);
    await migrate({ ...store, url: t.url });
    await t.sql.unsafe(
      `grant usage on schema granted to ${user}; grant select on all tables in schema granted to ${user}`,
    );
    await migrate(store);
    await folder.add("create table more (id integer);");
    await expect(migrate(store)).rejects.toThrow("may not make or change the store");
  } finally {
    await t.sql.unsafe(`drop owned by ${user}; drop role ${user}`);
  }
});

test("a schema that was made beforehand is used by a user who may make none", async () => {
  await using t = await createTestDatabase();
  await using folder = await storeFolder("create table things (id integer);");
  const user = `u${crypto.randomUUID().replaceAll("-", "")}`;
  await t.sql.unsafe(`create role ${user} login password 'secret'; create schema beforehand`);
  const url = Object.assign(new URL(t.url), { username: user, password: "secret" }).href;
  const store = { url, schema: "beforehand", folder: folder.path };
  try {
    await expect(migrate(store)).rejects.toThrow("may not make or change the store");
    await t.sql.unsafe(`grant usage, create on schema beforehand to ${user}`);
    await migrate(store);
    expect(await tables(t, "beforehand")).toEqual(["__drizzle_migrations", "__functions", "things"]);
  } finally {
    await t.sql.unsafe(`drop owned by ${user}; drop role ${user}`);
  }
});

test.each([
  ["a table of others", "create table beforehand.things (mine text)", "things"],
  ["a view of others", "create view beforehand.elsewhere as select 1 as one", "elsewhere"],
  ["a function of others", "create function beforehand.f() returns integer language sql as 'select 1'", "f"],
  [
    "the records of another program that migrates with Drizzle",
    `create table beforehand.__drizzle_migrations (id serial primary key, hash text not null, created_at bigint);
     insert into beforehand.__drizzle_migrations (hash, created_at) values ('theirs', 999), ('theirs', 9000000000000)`,
    "__drizzle_migrations",
  ],
])("a schema that holds %s is refused by its name, and left as it was", async (_what, made, name) => {
  await using t = await createTestDatabase();
  await using folder = await storeFolder("create table things (id integer);");
  await t.sql.unsafe(`create schema beforehand; ${made}`);
  const before = await tables(t, "beforehand");
  await expect(migrate({ url: t.url, schema: "beforehand", folder: folder.path })).rejects.toThrow(
    new RegExp(
      `^The schema "beforehand" in the database "[^"]+" at \\S+ holds "${name}" of another program: [^.]+ drop it \\(of the embedded database: delete DATA_DIR\\)\\.$`,
    ),
  );
  expect(await tables(t, "beforehand")).toEqual(before);
});

test("a schema in which there is nothing but an extension is used", async () => {
  await using t = await createTestDatabase();
  await using folder = await storeFolder("create table things (id integer);");
  await t.sql.unsafe("create schema beforehand; create extension pg_stat_statements schema beforehand");
  await migrate({ url: t.url, schema: "beforehand", folder: folder.path });
  expect(await tables(t, "beforehand")).toContain("things");
});

test("a connection on which names mean another schema makes nothing there", async ({ skip }) => {
  await using t = await createTestDatabase();
  await using folder = await storeFolder("create table things (id integer);");
  const [{ version = 0 } = {}] = await t.sql`select current_setting('server_version_num')::int as version`;
  // As a pooler would change it, which does not pass the start-up parameters on.
  skip(version < 170_000, "no login trigger before 17");
  await t.sql.unsafe(`
    create function public.pooled() returns event_trigger language plpgsql
      as $$ begin perform set_config('search_path', 'public', false); end $$;
    create event trigger pooled on login execute function public.pooled();
  `);
  const refusal = /^Names without a schema mean "public" on the connection to \S+, not the store "elsewhere": /;
  await expect(migrate({ url: t.url, schema: "elsewhere", folder: folder.path })).rejects.toThrow(refusal);
  expect([...(await tables(t, "public")), ...(await tables(t, "elsewhere"))]).toEqual([]);
});

test("a database that is not encoded in UTF8 is refused by its encoding, before anything is made in it", async () => {
  await using t = await createTestDatabase();
  await t.sql.unsafe(
    "create database in_latin1 encoding 'LATIN1' locale 'C' locale_provider 'libc' template template0",
  );
  const url = Object.assign(new URL(t.url), { pathname: "/in_latin1" }).href;
  const latin1 = postgres(Object.assign(new URL(t.adminUrl), { pathname: "/in_latin1" }).href, { max: 1 });
  try {
    await expect(migrate({ url, schema: "shop" })).rejects.toThrow(
      /^The database "in_latin1" at \S+ is encoded in LATIN1, /,
    );
    expect(await tables({ sql: latin1 }, "shop")).toEqual([]);
  } finally {
    await latin1.end();
    await t.sql.unsafe("drop database in_latin1 with (force)");
  }
});

test("a migration that fails leaves the store as it was", async () => {
  await using t = await createTestDatabase();
  await using folder = await storeFolder("create table things (id integer);");
  const store = { url: t.url, schema: "broken", folder: folder.path };
  await folder.add("create table more (id integer);\n--> statement-breakpoint\ncreate table things (id integer);");
  const error = await migrate(store).catch((thrown: unknown) => thrown);
  expect(sqlStateOf(error)).toBe("42P07");
  expect(await tables(t, "broken")).toEqual([]);
  expect(explainError(error)).toBe('The database refused: relation "things" already exists (SQLSTATE 42P07).');
});

test("a migration gives way to a transaction that holds its table, and comes through afterwards", async () => {
  await using t = await createTestDatabase();
  await using folder = await storeFolder("create table things (id integer);");
  const store = { url: t.url, schema: "busy", folder: folder.path };
  await migrate(store);
  await folder.add("alter table things add column name text;");
  const told: string[] = [];
  let migrated: Promise<void> | undefined;
  await t.sql.begin(async (holder) => {
    await holder`select * from busy.things`;
    const waiting = Promise.withResolvers<void>();
    migrated = migrate({
      ...store,
      onProgress(words) {
        told.push(words);
        waiting.resolve();
      },
    });
    await waiting.promise;
  });
  await migrated;
  expect(told).toContain("Waiting for running transactions to let the migration through");
  const columns =
    await t.sql`select column_name from information_schema.columns where table_schema = 'busy' and table_name = 'things'`;
  expect(columns).toHaveLength(2);
});

async function tables(t: { sql: import("postgres").Sql }, schema: string): Promise<string[]> {
  const rows = await t.sql<{ name: string }[]>`
    select table_name as name from information_schema.tables where table_schema = ${schema} order by 1`;
  return rows.map(({ name }) => name);
}

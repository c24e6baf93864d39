import { expect, test } from "vitest";
import { createTestDatabase } from "../testing/test-database.ts";
import { storeFolder } from "./migrate.fixture.ts";
import { migrate } from "./migrate.ts";

test("functions are made, replaced, given other arguments and taken away as their files are", async () => {
  await using t = await createTestDatabase();
  await using folder = await store();
  const options = { url: t.url, schema: "second store", folder: folder.path };
  const answer = async (call: string) => (await t.sql.unsafe(`select "second store".${call} as answer`))[0]?.answer;

  await folder.writeFunction(...greeting("greeting", "p_name text", "select 'Hello ' || p_name"));
  await folder.writeFunction(...greeting("shout", "p_name text", "select upper(greeting(p_name))"));
  await migrate(options);
  expect(await answer("shout('you')")).toBe("HELLO YOU");

  await folder.writeFunction(...greeting("greeting", "p_name text", "select 'Hi ' || p_name"));
  await Promise.all([migrate(options), migrate(options), migrate(options)]);
  expect(await answer("shout('you')")).toBe("HI YOU");

  await folder.writeFunction(...greeting("greeting", "p_first text, p_last text", "select p_first || p_last"));
  await folder.removeFunction("shout");
  await migrate(options);
  expect(await answer("greeting('a', 'b')")).toBe("ab");
  const left = await t.sql`
    select proname, pg_get_function_identity_arguments(oid) as takes from pg_proc
    where pronamespace = '"second store"'::regnamespace`;
  expect(left.map((row) => ({ ...row }))).toEqual([{ proname: "greeting", takes: "p_first text, p_last text" }]);
});

test("a function that cannot be made leaves all of them as they were", async () => {
  await using t = await createTestDatabase();
  await using folder = await store();
  const options = { url: t.url, schema: "second", folder: folder.path };
  await folder.writeFunction(...greeting("greeting", "p_name text", "select 'Hello'"));
  await migrate(options);
  await folder.writeFunction(...greeting("greeting", "p_name text", "select 'Hi'"));
  await folder.writeFunction(...greeting("wrong", "p_name no_such_type", "select 'Hi'"));
  await expect(migrate(options)).rejects.toThrow("no_such_type");
  expect(await t.sql`select second.greeting('') as answer`).toEqual([{ answer: "Hello" }]);
});

test("a file that makes something else than its name says is refused", async () => {
  await using t = await createTestDatabase();
  await using folder = await store();
  await folder.writeFunction("one", "create or replace function other() returns text as $$ $$;");
  const migration = migrate({ url: t.url, schema: "second", folder: folder.path });
  await expect(migration).rejects.toThrow('must create the function or type "one"');
});

test("two stores on one server keep their functions and their goods apart", async () => {
  await using t = await createTestDatabase();
  await Promise.all(["left store", "right"].map((schema) => migrate({ url: t.url, schema })));
  for (const store of ['"left store"', '"right"']) {
    await t.sql.unsafe(`
      set search_path to ${store};
      insert into users (id, name, email) values ('00000000-0000-4000-8000-000000000001', 'A', 'a@example.com');
      update wallets set balance_cents = 1000;
      insert into products (name, price_cents) values ('Lamp', 100);
      insert into inventory values (1, 1, 5);
      set search_path to shop`);
  }
  // Whatever the session's own path is: the functions keep that of their store.
  const [row] = await t.sql`
    select success from "left store".process_order('00000000-0000-4000-8000-000000000001', 1, 2, 'r')`;
  expect(row).toEqual({ success: true });
  expect(await t.sql`select units from "left store".inventory`).toEqual([{ units: 3 }]);
  expect(await t.sql`select units from "right".inventory`).toEqual([{ units: 5 }]);
  expect(await t.sql`select count(*)::int from orders`).toEqual([{ count: 0 }]);
});

const store = () => storeFolder("create table things (id integer);");

function greeting(name: string, takes: string, body: string): [string, string] {
  const head = `create or replace function ${name}(${takes})\nreturns text\nlanguage sql\nset search_path from current`;
  return [name, `${head}\nas $$\n  ${body};\n$$;`];
}

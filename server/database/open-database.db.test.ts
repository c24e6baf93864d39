import type { AddressInfo } from "node:net";
import { createServer } from "node:net";
import { networkInterfaces } from "node:os";
import { sql } from "drizzle-orm";
import { expect, test } from "vitest";
import { createTestDatabase } from "../testing/test-database.ts";
import { checkServer } from "./check-server.ts";
import { openDatabase } from "./database.ts";
import { DatabaseError } from "./errors.ts";
import { INDEX_PLANS, RELIED_ON } from "./session-settings.ts";

const SECRET = "not-to-be-seen";

test("a database that cannot be used is told in one sentence without the password", async () => {
  await using t = await createTestDatabase();
  const good = new URL(t.url);
  const changed = (change: (url: URL) => void) => {
    const url = new URL(good);
    url.password = SECRET;
    change(url);
    return url.href;
  };
  const server = `127.0.0.1:${good.port}`;
  expect(await sentence(changed((url) => (url.port = "1")))).toBe("No PostgreSQL server answers at 127.0.0.1:1.");
  const missing = new URL(good);
  missing.pathname = "/not_there";
  expect(await sentence(missing.href)).toBe(`There is no database "not_there" on the PostgreSQL server at ${server}.`);
  const begin = "The database URL must begin with postgres:// or postgresql://.";
  expect(await sentence(`mysql://u:${SECRET}@127.0.0.1/x`)).toBe(begin);
  expect(await sentence(`postgres//u:${SECRET}@:x`)).toBe(begin);
  expect(await sentence(`postgres://u:${SECRET}@127.0.0.1:99999/x`)).toBe(
    "The database URL has a port that is no number from 1 to 65535.",
  );
  expect(await sentence(`postgres://u:${SECRET}@no-such-host.invalid/x`)).toMatch(/cannot be found: no-such-host/);
});

// Another server than our own may ask for no password.
test.skipIf(process.env.TEST_DATABASE_URL)("a wrong password is named as such, and not repeated", async () => {
  await using t = await createTestDatabase();
  const url = new URL(t.url);
  url.password = SECRET;
  expect(await sentence(url.href)).toBe(
    `The PostgreSQL server at ${url.host} refuses the password of user "${url.username}".`,
  );
});

test("a server older than 15 is refused by its version", () => {
  const about = { version: 140_011, encoding: "UTF8", isStandby: false, replicationRole: "origin" };
  const where = { server: "127.0.0.1:5432", database: "x", user: "u" };
  expect(() => checkServer(about, where)).toThrow(
    "The server at 127.0.0.1:5432 is PostgreSQL 14.11; version 15 or newer is needed.",
  );
  expect(() => checkServer({ ...about, isStandby: true, version: 150_000 }, where)).toThrow("is a standby");
  expect(() => checkServer({ ...about, version: 150_000 }, where)).not.toThrow();
});

const hasIpv6 = Object.values(networkInterfaces()).some((all) => all?.some(({ address }) => address === "::1"));

test.skipIf(!hasIpv6)("an IPv6 address leads to that address (skipped on a machine without IPv6)", async () => {
  const met: string[] = [];
  const server = createServer((socket) => {
    met.push(socket.localAddress ?? "");
    socket.destroy();
  });
  await new Promise<void>((resolve) => server.listen(0, "::1", resolve));
  const { port } = server.address() as AddressInfo;
  for (const at of [`[::1]:${port}/x`, `/x?host=::1&port=${port}`, `[0:0:0:0:0:0:0:1]:${port}/x`]) {
    expect(await sentence(`postgres://u:${SECRET}@${at}`), at).toContain(`:${port} failed: `);
  }
  expect(met).toEqual(["::1", "::1", "::1"]);
  await new Promise((resolve) => server.close(resolve));
  // Nobody answers there, and nobody else is asked.
  for (const address of ["::1", "::2"]) {
    for (const at of [`[${address}]:${port}/x?`, `/x?host=${address}&port=${port}&`]) {
      expect(await sentence(`postgres://u:${SECRET}@${at}connect_timeout=1`), at).toMatch(
        new RegExp(`^(No PostgreSQL server|The (connection to the )?PostgreSQL server).* at \\[${address}\\]:${port}`),
      );
    }
  }
});

test("a connection starts with the store's schema and the limits, and can change nothing outside a transaction", async () => {
  await using t = await createTestDatabase();
  const [settings] = await t.database.db.execute(sql`
    select current_setting('search_path') as path, current_setting('TimeZone') as zone,
      current_setting('lock_timeout') as lock, current_setting('statement_timeout') as statement,
      current_setting('idle_in_transaction_session_timeout') as idle,
      current_setting('default_transaction_read_only') as outside`);
  expect(settings).toEqual({
    path: '"shop", pg_catalog',
    zone: "UTC",
    lock: "5s",
    statement: "10s",
    idle: "10s",
    outside: "on",
  });
  const odd = await t.open({ schema: 'Odd "Name"' });
  const [row] = await odd.db.execute(sql`select current_setting('search_path') as path`);
  expect(row).toEqual({ path: '"Odd ""Name""", pg_catalog' });
});

test("a role whose sessions run no triggers is refused by the setting, and one without a connection left by its limit", async () => {
  await using t = await createTestDatabase();
  const user = `u${crypto.randomUUID().replaceAll("-", "")}`;
  await t.sql.unsafe(
    `create role ${user} login password 'p'; alter role ${user} set session_replication_role = replica`,
  );
  const url = Object.assign(new URL(t.url), { username: user, password: "p" });
  try {
    expect(await sentence(url.href)).toContain(`"${user}" at ${url.host} have session_replication_role = replica`);
    await t.sql.unsafe(`alter role ${user} reset all; alter role ${user} connection limit 0`);
    expect(await sentence(url.href)).toBe(
      `The PostgreSQL server at ${url.host} has no connection left for user "${user}": too many connections for role "${user}".`,
    );
  } finally {
    await t.sql.unsafe(`drop role ${user}`);
  }
});

test("a connection relies on no setting of its role", async () => {
  await using t = await createTestDatabase();
  const rows = await t.database.db.execute<{ name: string; setting: string; source: string }>(
    sql`select lower(name) as name, setting, source from pg_settings where context = 'user'`,
  );
  const settings = new Map(rows.map(({ name, setting }) => [name, setting]));
  const wanted = { ...RELIED_ON, ...INDEX_PLANS, synchronous_commit: "on", idle_session_timeout: "0" };
  for (const [name, value] of Object.entries(wanted))
    expect([name, settings.get(name.toLowerCase())]).toEqual([name, value]);
  for (const name of ["transaction_timeout", "restrict_nonsystem_relation_kind"]) {
    expect(["0", "", undefined]).toContain(settings.get(name));
  }
  // What a role may give its sessions and we let stand: each is known to make no difference.
  expect(
    rows
      .filter(({ source }) => source === "user")
      .map(({ name }) => name)
      .toSorted(),
  ).toEqual([
    "check_function_bodies",
    "default_text_search_config",
    "escape_string_warning",
    "jit_above_cost",
    "lc_numeric",
    "xmloption",
  ]);
});

async function sentence(url: string): Promise<string> {
  try {
    const database = await openDatabase({ url, schema: "shop", poolSize: 1 });
    await database.close();
  } catch (error) {
    expect(error).toBeInstanceOf(DatabaseError);
    const { message, cause } = error as Error;
    expect(`${message} ${JSON.stringify(cause)} ${String(cause)}`).not.toContain(SECRET);
    return message;
  }
  throw new Error("it opened");
}

import { createHmac } from "node:crypto";
import postgres from "postgres";
import { SERVER_ROLE } from "../grant-server-role.ts";
import { databaseName } from "./ensure-database.ts";

/**
 * Gives another service its own database on the embedded server, and its own user, who can enter no other database there.
 * Any number of processes may call this at once; an existing user gets the password.
 *
 * @param url a superuser's, of the shop's database
 * @param name of the database and of its user: a plain name
 * @returns the URL with which the user enters its database
 */
export async function ensureRoleDatabase(url: string, { name, password }: RoleDatabase): Promise<string> {
  databaseName(name);
  await inTurn(url, async (sql) => {
    await ensureRole(sql, { name, password });
    const [found] = await sql<{ hasDatabase: boolean; shop: string }[]>`
      select exists (select from pg_database where datname = ${name}) as "hasDatabase", current_database() as shop`;
    if (!found?.hasDatabase) await sql.unsafe(`create database ${name} owner ${name}`);
    for (const database of [name, found?.shop ?? "", "postgres"]) {
      await sql`revoke connect on database ${sql(database)} from public`;
    }
  });
  return Object.assign(urlAs(url, { name, password }), { pathname: `/${name}` }).href;
}

/**
 * Lets the shop into its database on the embedded server as a user of its own, who is no superuser: a migration gives it the
 * rights that it needs. Any number of processes may call this at once.
 *
 * @param url a superuser's, of the shop's database
 * @returns the URL with which the shop enters it
 */
export async function ensureServerRole(url: string): Promise<string> {
  // The same for all starts that share the server, whatever secrets they have otherwise.
  const password = createHmac("sha256", new URL(url).password).update(SERVER_ROLE).digest("base64url");
  const role = { name: SERVER_ROLE, password };
  await inTurn(url, async (sql) => {
    await ensureRole(sql, role);
    const [found] = await sql<{ shop: string }[]>`select current_database() as shop`;
    await sql`grant connect on database ${sql(found?.shop ?? "")} to ${sql(SERVER_ROLE)}`;
  });
  return urlAs(url, role).href;
}

/** Roles and databases belong to the whole server, so starts that come together take turns. */
async function inTurn(url: string, work: (sql: postgres.Sql) => Promise<void>): Promise<void> {
  const sql = postgres(url, { max: 1, prepare: false, fetch_types: false, onnotice: () => {} });
  try {
    await sql`select pg_advisory_lock(hashtext('doorbuster role database'))`;
    await work(sql);
  } finally {
    // Ending the session gives the turn back too.
    await sql.end();
  }
}

async function ensureRole(sql: postgres.Sql, { name, password }: RoleDatabase): Promise<void> {
  const [found] = await sql`select from pg_roles where rolname = ${name}`;
  await sql.unsafe(`${found ? "alter" : "create"} role ${name} login password '${password.replaceAll("'", "''")}'`);
}

function urlAs(url: string, { name, password }: RoleDatabase): URL {
  return Object.assign(new URL(url), { username: name, password });
}

export interface RoleDatabase {
  readonly name: string;
  readonly password: string;
}

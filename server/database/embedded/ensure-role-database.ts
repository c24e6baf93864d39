import postgres from "postgres";
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
  const sql = postgres(url, { max: 1, prepare: false, fetch_types: false, onnotice: () => {} });
  try {
    // Roles and databases belong to the whole server, so starts that come together take turns.
    await sql`select pg_advisory_lock(hashtext('doorbuster role database'))`;
    const [found] = await sql<{ hasRole: boolean; hasDatabase: boolean; shop: string }[]>`
      select
        exists (select from pg_roles where rolname = ${name}) as "hasRole",
        exists (select from pg_database where datname = ${name}) as "hasDatabase",
        current_database() as shop`;
    const verb = found?.hasRole ? "alter" : "create";
    await sql.unsafe(`${verb} role ${name} login password '${password.replaceAll("'", "''")}'`);
    if (!found?.hasDatabase) await sql.unsafe(`create database ${name} owner ${name}`);
    for (const database of [name, found?.shop ?? "", "postgres"]) {
      await sql`revoke connect on database ${sql(database)} from public`;
    }
  } finally {
    // Ending the session gives the turn back too.
    await sql.end();
  }
  const own = new URL(url);
  own.username = name;
  own.password = password;
  own.pathname = `/${name}`;
  return own.href;
}

export interface RoleDatabase {
  readonly name: string;
  readonly password: string;
}

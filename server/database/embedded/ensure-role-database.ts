import { createHmac } from "node:crypto";
import type { Connection } from "../connection.ts";
import { quoteIdentifier } from "../connection-settings.ts";
import { SERVER_ROLE } from "../grant-server-role.ts";
import { databaseName, withConnection } from "./ensure-database.ts";

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
  await inTurn(url, async (connection) => {
    await ensureRole(connection, { name, password });
    const [found] = await connection.run("select from pg_database where datname = $1", [name]);
    if (!found) await connection.run(`create database ${quoteIdentifier(name)} owner ${quoteIdentifier(name)}`);
    for (const database of [name, await shopOf(connection), "postgres"]) {
      await connection.run(`revoke connect on database ${quoteIdentifier(database)} from public`);
    }
  });
  return Object.assign(urlAs(url, { name, password }), { pathname: `/${name}` }).href;
}

/**
 * Lets the shop into its database on the embedded server as a user of its own, who is no superuser: a migration gives it the
 * rights that it needs. Any number of processes may call this at once.
 *
 * @param url a superuser's, of the shop's database
 * @throws DatabaseAwayError, ConnectionLostError when the server ends meanwhile: to be done again
 * @returns the URL with which the shop enters it
 */
export async function ensureServerRole(url: string): Promise<string> {
  // The same for all starts that share the server, whatever secrets they have otherwise.
  const password = createHmac("sha256", new URL(url).password).update(SERVER_ROLE).digest("base64url");
  const role = { name: SERVER_ROLE, password };
  await inTurn(url, async (connection) => {
    await ensureRole(connection, role);
    await connection.run(`grant connect on database ${quoteIdentifier(await shopOf(connection))} to ${SERVER_ROLE}`);
  });
  return urlAs(url, role).href;
}

/** Roles and databases belong to the whole server, so starts that come together take turns. */
function inTurn(url: string, work: (connection: Connection) => Promise<void>): Promise<void> {
  return withConnection(url, async (connection) => {
    // Ending the session gives the turn back.
    await connection.run("select pg_advisory_lock(hashtext('doorbuster role database'))");
    await work(connection);
  });
}

async function ensureRole(connection: Connection, { name, password }: RoleDatabase): Promise<void> {
  const [found] = await connection.run("select from pg_roles where rolname = $1", [name]);
  const verb = found ? "alter" : "create";
  await connection.run(`${verb} role ${quoteIdentifier(name)} login password '${password.replaceAll("'", "''")}'`);
}

async function shopOf(connection: Connection): Promise<string> {
  const [found] = await connection.run("select current_database() as shop");
  return String(found?.shop);
}

function urlAs(url: string, { name, password }: RoleDatabase): URL {
  return Object.assign(new URL(url), { username: name, password });
}

export interface RoleDatabase {
  readonly name: string;
  readonly password: string;
}

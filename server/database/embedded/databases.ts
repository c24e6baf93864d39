import { createHmac } from "node:crypto";
import { Connection } from "../connection.ts";
import { connectionSettings, quoteIdentifier } from "../connection-settings.ts";
import { SERVER_ROLE } from "../grant-server-role.ts";

/** The shop's database on the embedded server. */
const SHOP_DATABASE = "doorbuster";

/** A start may come while the machine is busy. */
const CONNECT_TIMEOUT_SECONDS = 10;

/** Where the superuser enters the embedded server. */
export function databaseUrl({ port, password }: { port: number; password: string }, database = SHOP_DATABASE): string {
  return `postgres://postgres:${password}@127.0.0.1:${port}/${database}`;
}

/**
 * Makes the shop's database unless it exists, and returns the folder whose cluster answered.
 *
 * @throws DatabaseError when the server does not let us in, or ends meanwhile
 */
export function ensureDatabase(server: { port: number; password: string }): Promise<string> {
  return withConnection(databaseUrl(server, "postgres"), async (connection) => {
    const [found] = await connection.run("select from pg_database where datname = $1", [SHOP_DATABASE]);
    if (!found) await connection.run(`create database ${SHOP_DATABASE}`);
    return folderOf(connection);
  });
}

/** The folder of the cluster that answers at `url`; undefined when none does, or lets us into that database. */
export function clusterAt(url: string): Promise<string | undefined> {
  return withConnection(url, folderOf).catch(() => undefined);
}

/**
 * Gives another service its own database on the embedded server, and its own user, who can enter no other database there.
 * Any number of processes may call this at once; an existing user gets the password.
 *
 * @param url a superuser's, of the shop's database
 * @param role the name of the database and of its user
 * @returns the URL with which the user enters its database
 */
export async function ensureRoleDatabase(url: string, role: Role): Promise<string> {
  const name = quoteIdentifier(role.name);
  await inTurn(url, async (connection) => {
    await ensureRole(connection, role);
    const [found] = await connection.run("select from pg_database where datname = $1", [role.name]);
    if (!found) await connection.run(`create database ${name} owner ${name}`);
    for (const database of [name, await current(connection), "postgres"]) {
      await connection.run(`revoke connect on database ${database} from public`);
    }
  });
  return Object.assign(urlAs(url, role), { pathname: `/${role.name}` }).href;
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
    await connection.run(`grant connect on database ${await current(connection)} to ${SERVER_ROLE}`);
  });
  return urlAs(url, role).href;
}

export interface Role {
  readonly name: string;
  readonly password: string;
}

/** Roles and databases belong to the whole server, so starts that come together take turns. */
function inTurn(url: string, work: (connection: Connection) => Promise<void>): Promise<void> {
  return withConnection(url, async (connection) => {
    // Ending the session gives the turn back.
    await connection.run("select pg_advisory_lock(hashtext('doorbuster role database'))");
    await work(connection);
  });
}

async function ensureRole(connection: Connection, { name, password }: Role): Promise<void> {
  const [found] = await connection.run("select from pg_roles where rolname = $1", [name]);
  const verb = found ? "alter" : "create";
  await connection.run(`${verb} role ${quoteIdentifier(name)} login password '${password.replaceAll("'", "''")}'`);
}

async function current(connection: Connection): Promise<string> {
  const [found] = await connection.run("select quote_ident(current_database()) as name");
  return String(found?.name);
}

function urlAs(url: string, { name, password }: Role): URL {
  return Object.assign(new URL(url), { username: name, password });
}

/** Works on a connection of its own, with which it waits as long as it takes. */
async function withConnection<T>(url: string, work: (connection: Connection) => Promise<T>): Promise<T> {
  const waiting = Object.assign(new URL(url), { search: `?connect_timeout=${CONNECT_TIMEOUT_SECONDS}` });
  const settings = connectionSettings({
    url: waiting.href,
    schema: "pg_catalog",
    applicationName: "doorbuster start",
    timeouts: { lockTimeoutMs: 0, statementTimeoutMs: 0, idleInTransactionTimeoutMs: 0 },
    readOnlyByDefault: false,
  });
  const connection = await Connection.open(settings);
  try {
    return await work(connection);
  } finally {
    await connection.end();
  }
}

async function folderOf(connection: Connection): Promise<string> {
  const [found] = await connection.run("select current_setting('data_directory') as folder");
  return String(found?.folder);
}

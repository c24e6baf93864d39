import type { ConnectionSettings } from "./connection-settings.ts";
import { DatabaseError } from "./errors.ts";
import { SET_AT_FIRST } from "./session-settings.ts";

/** Why a server that lets us in cannot be used. */
export class UnusableServerError extends DatabaseError {
  override readonly name = "UnusableServerError";
}

/** What every connection asks first. */
export const ABOUT_SERVER = `
  select current_setting('server_version_num')::int as version, current_setting('server_encoding') as encoding,
    pg_is_in_recovery() as "isStandby", current_setting('session_replication_role') as "replicationRole",
    (extract(epoch from statement_timestamp()) * 1000)::float8 as "nowMs"
  from (${SET_AT_FIRST}) as settings`;

/** @throws UnusableServerError with one sentence */
export function checkServer(
  about: Record<string, unknown> | undefined,
  { server, database, user }: Pick<ConnectionSettings, "server" | "database" | "user">,
): void {
  const version = Number(about?.version);
  if (!(version >= SERVER_VERSION_MIN)) {
    throw new UnusableServerError(
      `The server at ${server} is PostgreSQL ${Math.floor(version / 10_000)}.${version % 10_000}; version ${SERVER_VERSION_MIN / 10_000} or newer is needed.`,
    );
  }
  if (about?.encoding !== "UTF8") {
    throw new UnusableServerError(
      `The database "${database}" at ${server} is encoded in ${about?.encoding}, which cannot hold every text: make one by CREATE DATABASE … ENCODING 'UTF8' TEMPLATE template0.`,
    );
  }
  if (about.isStandby === true) {
    throw new UnusableServerError(`The server at ${server} is a standby, which cannot be written to.`);
  }
  if (about.replicationRole !== "origin") {
    throw new UnusableServerError(
      `The sessions of user "${user}" at ${server} have session_replication_role = ${about.replicationRole}, which switches off what the store relies on: take it back by ALTER ROLE … RESET session_replication_role.`,
    );
  }
}

const SERVER_VERSION_MIN = 150_000;

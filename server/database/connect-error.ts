import type { ConnectionSettings } from "./connection-settings.ts";
import { DatabaseAwayError, DatabaseError } from "./errors.ts";
import { isServerAway, SQL_STATE, sqlStateOf } from "./sqlstate.ts";
import { NO_TLS } from "./start-tls.ts";

/** Says in one sentence why a connection could not be made. The password is in none of them. */
export function connectError(error: unknown, settings: ConnectionSettings): DatabaseError {
  const Kind = isAway(error) ? DatabaseAwayError : DatabaseError;
  return new Kind(sentence(error, settings), { cause: error });
}

/** Whether the same might succeed in a moment, with nothing changed but the server or the network. */
function isAway(error: unknown): boolean {
  const sqlState = sqlStateOf(error);
  if (sqlState !== undefined) return isServerAway(sqlState);
  return NETWORK_CODES.has(String(codeOf(error)));
}

const NETWORK_CODES = new Set([
  "ECONNREFUSED",
  "ECONNRESET",
  "EPIPE",
  "ENOENT",
  "EAI_AGAIN",
  "ETIMEDOUT",
  "EHOSTUNREACH",
  "ENETUNREACH",
]);

function sentence(error: unknown, { server, database, user }: ConnectionSettings): string {
  switch (sqlStateOf(error) ?? codeOf(error)) {
    case "ECONNREFUSED":
    case "ENOENT":
      return `No PostgreSQL server answers at ${server}.`;
    case "ENOTFOUND":
    case "EAI_AGAIN":
      return `The database's host cannot be found: ${server}.`;
    case "ETIMEDOUT":
    case "EHOSTUNREACH":
    case "ENETUNREACH":
      return `The PostgreSQL server at ${server} cannot be reached.`;
    case SQL_STATE.invalidPassword:
      return `The PostgreSQL server at ${server} refuses the password of user "${user}".`;
    case SQL_STATE.invalidAuthorization:
      return `The PostgreSQL server at ${server} does not let user "${user}" in: ${messageOf(error)}.`;
    case NO_TLS:
      return `The PostgreSQL server at ${server} does not speak TLS, which the database URL asks for by sslmode.`;
    case SQL_STATE.unknownDatabase:
      return `There is no database "${database}" on the PostgreSQL server at ${server}.`;
    case SQL_STATE.cannotConnectNow:
      return `The PostgreSQL server at ${server} is starting up or shutting down.`;
    case SQL_STATE.tooManyConnections:
      return `The PostgreSQL server at ${server} has no connection left for user "${user}": ${messageOf(error)}.`;
    default:
      return `The connection to the PostgreSQL server at ${server} failed: ${messageOf(error)}.`;
  }
}

function codeOf(error: unknown): unknown {
  return error instanceof Error && "code" in error ? error.code : undefined;
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message.replace(/\.$/, "") : String(error);
}

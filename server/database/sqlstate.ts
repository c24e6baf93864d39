import { causesOf } from "./causes-of.ts";

/**
 * The SQLSTATE that an error came from, found through any chain of causes (Drizzle wraps the driver's errors in
 * `DrizzleQueryError`); undefined where PostgreSQL answered nothing.
 */
export function sqlStateOf(error: unknown): string | undefined {
  return postgresErrorOf(error)?.code;
}

/** The fields of an error that PostgreSQL answered, as far as anything is decided by them. */
export interface PostgresErrorFields {
  readonly code: string;
  readonly message: string;
  /** The function of the server's source that raised it. */
  readonly routine?: string;
}

/** The error as PostgreSQL answered it, found through any chain of causes. */
export function postgresErrorOf(error: unknown): PostgresErrorFields | undefined {
  return causesOf(error).find(isPostgresError);
}

export const SQL_STATE = {
  uniqueViolation: "23505",
  checkViolation: "23514",
  serializationFailure: "40001",
  completionUnknown: "40003",
  deadlock: "40P01",
  lockNotAvailable: "55P03",
  queryCanceled: "57014",
  adminShutdown: "57P01",
  crashShutdown: "57P02",
  cannotConnectNow: "57P03",
  tooManyConnections: "53300",
  idleInTransactionTimeout: "25P03",
  featureNotSupported: "0A000",
  insufficientPrivilege: "42501",
  invalidPassword: "28P01",
  invalidAuthorization: "28000",
  unknownDatabase: "3D000",
} as const;

/** SQLSTATE classes 22 (data exception) and 23 (constraint violation): some row of the transaction is at fault. */
export function isAboutData(error: unknown): boolean {
  return /^2[23]/.test(sqlStateOf(error) ?? "");
}

/** Class 08: the server lost a connection of its own, to another node say. */
export function isConnectionState(sqlState: string | undefined): boolean {
  return sqlState?.startsWith("08") ?? false;
}

/** The server starts, stops or has no connection left: another attempt may find it well. */
export function isServerAway(sqlState: string): boolean {
  return AWAY_STATES.has(sqlState) || isConnectionState(sqlState);
}

const AWAY_STATES: ReadonlySet<string> = new Set([
  SQL_STATE.adminShutdown,
  SQL_STATE.crashShutdown,
  SQL_STATE.cannotConnectNow,
]);

function isPostgresError(error: Error): error is Error & PostgresErrorFields {
  return error.name === "PostgresError" && "code" in error && typeof error.code === "string";
}

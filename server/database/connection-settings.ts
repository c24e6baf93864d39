import type { NetConnectOpts } from "node:net";
import postgres from "postgres";
import { type DatabaseTarget, DatabaseUrlError, parseDatabaseUrl } from "../settings/database-url.ts";
import { DatabaseError } from "./errors.ts";
import { INDEX_PLANS, RELIED_ON } from "./session-settings.ts";
import { type TlsSettings, tlsSettings } from "./start-tls.ts";
import { type Parsers, setParsers } from "./values.ts";

/** What a connection is made from: parsed once, shared by all connections of a pool. */
export interface ConnectionSettings {
  readonly driver: DriverOptions;
  readonly address: NetConnectOpts;
  /** How error texts name the server, without user or password. */
  readonly server: string;
  readonly database: string;
  readonly user: string;
  readonly connectTimeoutMs: number;
  /** Absent: the connection is not encrypted. */
  readonly tls: TlsSettings | undefined;
}

/** The driver's parsed options, as far as they are used here. */
export interface DriverOptions {
  readonly parsers: Parsers;
  readonly serializers: Record<number | string, unknown>;
}

export interface ConnectionOptions {
  readonly url: string;
  /** The store: the schema that unqualified names mean. */
  readonly schema: string;
  readonly applicationName?: string | undefined;
  readonly timeouts?: Partial<SessionTimeouts> | undefined;
  /** See `SAFE_OUTSIDE_TRANSACTIONS`; false on a connection whose statements are not all sent in transactions. */
  readonly readOnlyByDefault?: boolean;
}

/** Set on every session; 0 switches one off. */
export interface SessionTimeouts {
  readonly lockTimeoutMs: number;
  readonly statementTimeoutMs: number;
  readonly idleInTransactionTimeoutMs: number;
}

/**
 * A buyer gives up after about ten seconds, so no statement outlives that. A lock is waited for half as long, which
 * leaves time for an answer. The third frees the rows of a process that stopped inside a transaction.
 */
const SESSION_TIMEOUTS: SessionTimeouts = {
  lockTimeoutMs: 5_000,
  statementTimeoutMs: 10_000,
  idleInTransactionTimeoutMs: 10_000,
};

/** Local servers answer in milliseconds; a lost packet is sent again after one and three seconds. */
const CONNECT_TIMEOUT_MS = 5_000;

/** Seconds of silence after which the operating system asks whether the other side is still there. */
const KEEP_ALIVE_S = 10;

/**
 * BEGIN and the first statements travel in one packet. Should BEGIN fail (someone cancels it), those statements run
 * outside a transaction: they then change nothing, because a session's default is read only, and only BEGIN READ WRITE
 * lifts it.
 */
const SAFE_OUTSIDE_TRANSACTIONS = "on";

/**
 * Reads the URL and fixes what each session starts with: all of it travels in the start-up message, so it costs no
 * round trip.
 *
 * @throws DatabaseError when the URL cannot be read
 */
export function connectionSettings(options: ConnectionOptions): ConnectionSettings {
  const target = readTarget(options.url);
  const { host, port, user, database, tls } = target;
  const timeouts = { ...SESSION_TIMEOUTS, ...options.timeouts };
  const isSocket = host.startsWith("/");
  const template = postgres({
    // The connection gives the driver a socket of its own. What is not given here the driver would look for in the environment.
    host: "localhost",
    port,
    user,
    database,
    password: () => target.password,
    ssl: false,
    target_session_attrs: "read-write",
    max: 1,
    fetch_types: false,
    idle_timeout: 0,
    // The driver would end a connection of that age in the middle of a transaction.
    max_lifetime: null,
    // The connection has a timer of its own.
    connect_timeout: 0,
    backoff: () => 0,
    keep_alive: KEEP_ALIVE_S,
    onnotice: () => {},
    // The driver leaves out parameters that are falsy, so a 0 goes as text, which its types do not foresee.
    connection: {
      application_name: target.applicationName ?? options.applicationName ?? "doorbuster",
      search_path: `${quoteIdentifier(options.schema)}, pg_catalog`,
      ...RELIED_ON,
      lock_timeout: String(timeouts.lockTimeoutMs),
      statement_timeout: String(timeouts.statementTimeoutMs),
      idle_in_transaction_session_timeout: String(timeouts.idleInTransactionTimeoutMs),
      ...INDEX_PLANS,
      default_transaction_read_only: options.readOnlyByDefault === false ? "off" : SAFE_OUTSIDE_TRANSACTIONS,
    } as unknown as Partial<postgres.ConnectionParameters>,
  });
  const driver = template.options as unknown as DriverOptions;
  // Else the driver would ask each connection whether it can be written to, which `checkServer` does.
  Object.assign(driver, { target_session_attrs: undefined });
  shareValueRules(driver);
  return {
    driver,
    address: isSocket ? { path: `${host}/.s.PGSQL.${port}` } : { host, port },
    server: isSocket ? host : `${host.includes(":") ? `[${host}]` : host}:${port}`,
    database,
    user,
    connectTimeoutMs: target.connectTimeoutMs ?? CONNECT_TIMEOUT_MS,
    // As libpq has it: what never leaves the machine is not encrypted.
    tls: tls && !isSocket ? tlsSettings(host, tls) : undefined,
  };
}

/** Makes any text an SQL identifier. */
export function quoteIdentifier(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}

/**
 * Puts our rules for values into the driver's own tables. To be called again after Drizzle was constructed on these
 * options, because it patches the same tables in place.
 */
export function shareValueRules(driver: DriverOptions): void {
  setParsers(driver.parsers);
  // Parameters reach the driver as text already, whatever type PostgreSQL finds for them.
  for (const oid of Object.keys(driver.serializers)) delete driver.serializers[oid];
}

function readTarget(url: string): DatabaseTarget {
  try {
    return parseDatabaseUrl(url);
  } catch (error) {
    if (error instanceof DatabaseUrlError) throw new DatabaseError(`The database URL ${error.message}.`);
    throw error;
  }
}

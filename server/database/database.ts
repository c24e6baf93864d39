import { drizzle, type PostgresJsDatabase } from "drizzle-orm/postgres-js";
import * as schema from "../../drizzle/schema/index.ts";
import { Connection } from "./connection.ts";
import { ConnectionPool, type ConnectionPoolStats } from "./connection-pool.ts";
import { connectionSettings, type SessionTimeouts, shareValueRules } from "./connection-settings.ts";
import { DrizzleClient } from "./drizzle-client.ts";
import { DEADLINE_MS, type TransactionOptions } from "./run-transaction.ts";
import type { Tx } from "./transaction.ts";

export type { TransactionOptions } from "./run-transaction.ts";
export type { Tx } from "./transaction.ts";

export interface DatabaseOptions {
  readonly url: string;
  /** The store: the schema that every unqualified name means. Nothing else but `pg_catalog` is searched. */
  readonly schema: string;
  /** Connections, and so transactions at a time, at most. */
  readonly poolSize: number;
  readonly applicationName?: string;
  /** Called for each connection that was lost; the pool has replaced it already or is about to. */
  readonly onConnectionLost?: (error: unknown) => void;
  /** The server's own limits for each session. */
  readonly timeouts?: Partial<SessionTimeouts>;
  /** Of transactions that say nothing else, single statements among them. */
  readonly defaults?: TransactionOptions;
}

export interface PoolStats extends ConnectionPoolStats {
  /** Transactions that were retried since the start. */
  readonly retries: number;
}

export interface Database {
  /**
   * Drizzle, for single statements: each runs as a transaction of its own on a connection, within 10 s by default. When its
   * connection is lost it throws `ConnectionLostError`, and then nobody knows whether a write took place: writes that matter
   * belong into `withTransaction`.
   */
  readonly db: PostgresJsDatabase<typeof schema>;
  /**
   * Runs `work` in a transaction and commits when it returns; undoes everything when it throws. It may run `work`
   * several times (see `runTransaction`), each time with nothing left of the time before.
   *
   * @throws whatever `work` throws; ConnectionLostError, DeadlineError, RolledBackError, PoolTimeoutError when nothing has
   * happened; UnknownOutcomeError when nobody knows. `faultOf` turns them into what a caller hears.
   */
  withTransaction<T>(work: (tx: Tx) => Promise<T>, options?: TransactionOptions): Promise<T>;
  stats(): PoolStats;
  /** Waits for running transactions, at most 10 s, then ends all connections. */
  close(): Promise<void>;
}

/**
 * Connects to a store.
 *
 * @throws DatabaseError with one sentence, when the server cannot be reached or used
 */
export async function openDatabase(options: DatabaseOptions): Promise<Database> {
  const settings = connectionSettings(options);
  const pool = new ConnectionPool({
    open: (onLost) => Connection.open(settings, { onLost }),
    sizeMax: options.poolSize,
    onConnectionLost: options.onConnectionLost,
  });
  await pool.openFirst();
  const client = new DrizzleClient(pool, settings.driver, options.defaults ?? {});
  const db = drizzle({ client: client as never, schema });
  shareValueRules(settings.driver);
  return {
    db,
    withTransaction: (work, transactionOptions = {}) =>
      client.beginsWith(transactionOptions, () => db.transaction(work)),
    stats: () => ({ ...pool.stats(), retries: client.retries }),
    close: () => pool.close(CLOSE_GRACE_MS),
  };
}

/** As long as a transaction may take. */
const CLOSE_GRACE_MS = DEADLINE_MS;

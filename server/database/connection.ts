import { once } from "node:events";
import { connect, type Socket } from "node:net";
import postgres from "postgres";
import { type BackendKey, cancelBackend } from "./cancel-backend.ts";
import { ABOUT_SERVER, checkServer, UnusableServerError } from "./check-server.ts";
import { connectError } from "./connect-error.ts";
import type { ConnectionSettings, DriverOptions } from "./connection-settings.ts";
import { databaseClock } from "./database-clock.ts";
import { ConnectionLostError, DatabaseError } from "./errors.ts";
import { startTls } from "./start-tls.ts";

export type Row = Record<string, unknown>;

export interface RunOptions {
  /** Keep the statement prepared on the connection, so that the next run costs one round trip and can be pipelined. */
  readonly prepare?: boolean;
  /** Rows as arrays of columns. */
  readonly asArrays?: boolean;
}

/** Rows, with what PostgreSQL says it did. */
export interface StatementResult extends Array<Row> {
  /** The command tag's words: SELECT, COMMIT, ROLLBACK, … */
  readonly command: string | null;
  readonly count: number | null;
}

/**
 * One connection that is never made again: when it ends, for whatever reason, the connection is lost, everything that is
 * awaited on it is rejected at once, and every later statement too. So no statement can ever run on another connection
 * than the one its transaction began on.
 *
 *   opening ──▶ usable ──▶ ended (by us)
 *      │           │
 *      ▼           ▼
 *   (rejected)    lost (by anything else)
 *
 * The driver (postgres.js) leaves queries unanswered that are sent between a socket's error and its close, and
 * reconnects by itself. Hence every wait here can be rejected by us, and the driver's second attempt to get a socket
 * fails.
 */
export class Connection {
  /** The driver's client: one connection, which is made once. */
  readonly #sql: postgres.Sql;
  readonly #settings: ConnectionSettings;
  readonly #rejectWaiting = new Set<(error: Error) => void>();
  readonly #prepared = new Set<string>();
  readonly #onLost: (connection: Connection, error: Error) => void;
  #socket: Socket | undefined;
  #lostWith: Error | undefined;
  /** Whether anyone has the connection yet, and so hears of its loss. */
  #inUse = false;
  #backend: BackendKey | undefined;

  /**
   * Connects, and asks what server it is.
   *
   * @throws DatabaseError with one sentence, when that fails, takes longer than the settings allow, or finds a server that
   * cannot be used
   */
  static async open(settings: ConnectionSettings, events: ConnectionEvents = {}): Promise<Connection> {
    const connection = new Connection(settings, events);
    const timer = setTimeout(() => {
      connection.destroy(Object.assign(new Error("no answer in time"), { code: "ETIMEDOUT" }));
    }, settings.connectTimeoutMs);
    try {
      const rows = await connection.run(ABOUT_SERVER);
      checkServer(rows[0], settings);
      databaseClock.observe(Number(rows[0]?.nowMs));
      connection.#backend = (rows as unknown as { state: BackendKey }).state;
      connection.#inUse = true;
      return connection;
    } catch (error) {
      connection.destroy(new DatabaseError("the connection could not be made"));
      throw error instanceof UnusableServerError ? error : connectError(rootOf(error), settings);
    } finally {
      clearTimeout(timer);
    }
  }

  private constructor(settings: ConnectionSettings, events: ConnectionEvents) {
    this.#settings = settings;
    this.#onLost = events.onLost ?? (() => {});
    const { onNotification } = events;
    const options = {
      ...settings.driver,
      shared: { retries: 0, typeArrayMap: {} },
      parameters: {},
      socket: () => this.#connectOnce(),
      onclose: () => this.#lose(closedError()),
      ...(onNotification ? { onnotify: onNotification } : {}),
    };
    // The driver takes options that it has parsed before as they are; so all connections share one set of value rules.
    this.#sql = postgres(options as unknown as postgres.Options<Record<string, postgres.PostgresType>>);
  }

  /** Why the connection is lost; undefined while it is usable. */
  get lostWith(): Error | undefined {
    return this.#lostWith;
  }

  /** With the value rules that Drizzle is shown. */
  get driverOptions(): DriverOptions {
    return this.#settings.driver;
  }

  /**
   * Runs one statement behind those that were sent before it, without waiting for them: statements sent in one go share
   * a round trip, except those that are not prepared yet. Parameters are text already (`toParameter`).
   *
   * @throws ConnectionLostError when the connection ends before the answer; PostgreSQL's own error otherwise
   */
  run(text: string, params: (string | null)[] = [], options: RunOptions = {}): Promise<StatementResult> {
    return new Promise((resolve, reject) => {
      if (this.#lostWith) throw this.#lostWith;
      // Beyond this the driver would leave its own queue in disorder.
      if (params.length > PARAMETERS_MAX) throw new RangeError(`more than ${PARAMETERS_MAX} parameters`);
      this.#rejectWaiting.add(reject);
      const query = this.#sql.unsafe(text, params, this.#driverOptions(text, params, options));
      (options.asArrays ? query.values() : query).then(
        (rows) => {
          this.#rejectWaiting.delete(reject);
          resolve(rows as unknown as StatementResult);
        },
        (error: unknown) => {
          this.#rejectWaiting.delete(reject);
          reject(this.#whatHappened(error));
        },
      );
    });
  }

  /** Gives the connection up at once: closes the socket, and asks the server to stop what it is doing for us. */
  destroy(reason: Error): void {
    if (this.#backend && !this.#lostWith && this.#rejectWaiting.size > 0) {
      cancelBackend(this.#settings.address, this.#backend);
    }
    this.#lose(reason);
    this.#socket?.destroy();
  }

  /** Says goodbye to the server. Call it on an idle connection. */
  async end(): Promise<void> {
    this.#inUse = false;
    await this.#sql.end({ timeout: END_TIMEOUT_S }).catch(() => {});
    this.#socket?.destroy();
  }

  async #connectOnce(): Promise<Socket> {
    if (this.#socket || this.#lostWith)
      throw this.#lostWith ?? new ConnectionLostError("a connection connects only once");
    const { address, tls } = this.#settings;
    const socket = connect(address);
    this.#watch(socket);
    // Statements are small and answered one packet at a time: waiting to fill packets would only delay them.
    socket.setNoDelay(true);
    await this.#orLost(once(socket, "connect"));
    if (!tls) return socket;
    const secured = await this.#orLost(startTls(socket, tls));
    if (secured !== socket) this.#watch(secured);
    return secured;
  }

  /** Ours come before the driver's own listeners, so a connection is lost before the driver begins to clean up. */
  #watch(socket: Socket): void {
    this.#socket = socket;
    socket.on("error", (error) => this.#lose(error));
    socket.on("close", () => this.#lose(closedError()));
  }

  /** Waits no longer than the connection lives. */
  async #orLost<T>(happening: Promise<T>): Promise<T> {
    const lost = Promise.withResolvers<never>();
    this.#rejectWaiting.add(lost.reject);
    try {
      return await Promise.race([happening, lost.promise]);
    } finally {
      this.#rejectWaiting.delete(lost.reject);
    }
  }

  #driverOptions(text: string, params: readonly unknown[], { prepare }: RunOptions): postgres.UnsafeQueryOptions {
    // A statement without parameters goes by the simple protocol, which takes several statements in one text.
    if (params.length === 0 && !prepare) return { prepare: false };
    // Drizzle's own statements are kept prepared too, up to a bound: texts can vary without end (`in (…)` lists).
    const mayPrepare = prepare || this.#prepared.has(text) || this.#prepared.size < PREPARED_MAX;
    if (mayPrepare && !prepare) this.#prepared.add(text);
    return { prepare: mayPrepare, simple: false } as postgres.UnsafeQueryOptions;
  }

  #lose(error: Error): void {
    if (this.#lostWith) return;
    this.#lostWith =
      error instanceof DatabaseError
        ? error
        : new ConnectionLostError(`the connection to the database ended: ${error.message}`, { cause: error });
    for (const reject of this.#rejectWaiting) reject(this.#lostWith);
    this.#rejectWaiting.clear();
    if (this.#inUse) this.#onLost(this, this.#lostWith);
  }

  /** Tells errors of the connection from those that the server, or a parser, answered. */
  #whatHappened(error: unknown): unknown {
    if (this.#lostWith) return this.#lostWith;
    if (!(error instanceof Error) || error.name === "PostgresError") return error;
    if ("code" in error && typeof error.code === "string" && isConnectionCode(error.code)) {
      this.#lose(error);
      this.#socket?.destroy();
      return this.#lostWith;
    }
    return error;
  }
}

export interface ConnectionEvents {
  /** Called once, when a connection that was opened is lost by anything but `end`. */
  readonly onLost?: (connection: Connection, error: Error) => void;
  readonly onNotification?: (channel: string, payload: string) => void;
}

/** The protocol counts parameters in 16 bits. */
const PARAMETERS_MAX = 65_533;

/** Several times the number of different statements in the product; each costs the server some 10 kB a connection. */
const PREPARED_MAX = 300;

const END_TIMEOUT_S = 1;

function isConnectionCode(code: string): boolean {
  return (
    code.startsWith("CONNECTION_") ||
    code === "CONNECT_TIMEOUT" ||
    /^(E[A-Z]+|ERR_(STREAM|SOCKET|SSL|TLS)_\w+)$/.test(code)
  );
}

/** As the system would say it: the other side has closed the connection. */
function closedError(): Error {
  return Object.assign(new Error("the connection was closed"), { code: "ECONNRESET" });
}

/** The system's or the server's own error below our wrapping. */
function rootOf(error: unknown): unknown {
  return error instanceof ConnectionLostError && error.cause ? error.cause : error;
}

import { createHash } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { type BackOff, backOffMs } from "../../shared/back-off.ts";
import { Connection } from "./connection.ts";
import { type ConnectionSettings, connectionSettings, quoteIdentifier } from "./connection-settings.ts";
import { ConnectionLostError } from "./errors.ts";

export interface Listener {
  /** Resolves when the channels are first listened to; never rejects. */
  readonly ready: Promise<void>;
  close(): Promise<void>;
}

/**
 * Hears notifications on a connection of its own, for as long as it is not closed.
 *
 * The connection is asked for a sign of life every second and a half and given up when it stays silent for two, so that
 * one that was lost without a word is noticed within four seconds; it is then made again, at growing intervals up to a
 * second. What was notified in between is lost: `onReconnect` is called when the channels are heard again, and whoever
 * listens should then read the state anew.
 *
 * `NOTIFY` reaches the whole database, so channels are named by `channelName`.
 *
 * @throws DatabaseError when the URL cannot be read; a server that cannot be reached is tried again without an error
 */
export function listen(
  url: string,
  channels: readonly string[],
  onNotification: (channel: string, payload: string) => void,
  onReconnect: () => void,
): Listener {
  const settings = connectionSettings({ url, schema: "pg_catalog", applicationName: "doorbuster listen" });
  const closing = new AbortController();
  const ready = Promise.withResolvers<void>();
  const running = keepListening();
  return {
    ready: ready.promise,
    async close() {
      closing.abort();
      await running;
    },
  };

  async function keepListening(): Promise<void> {
    let failures = 0;
    for (let connections = 0; !closing.signal.aborted; ) {
      try {
        await listenOnce(settings, channels, onNotification, closing.signal, () => {
          failures = 0;
          if (connections++ === 0) ready.resolve();
          else onReconnect();
        });
      } catch {
        // Lost, or not reached: both are answered by the next attempt.
        failures++;
      }
      await pause(backOffMs(failures, RECONNECT_PAUSE), closing.signal);
    }
    ready.resolve();
  }
}

/** The name of a store's channel: other stores of the same database do not hear it. */
export function channelName(schema: string, name: string): string {
  const full = `${schema}.${name}`;
  if (Buffer.byteLength(full) <= CHANNEL_BYTES_MAX) return full;
  return `${name}.${createHash("sha256").update(full).digest("hex").slice(0, 32)}`;
}

/** Listens until the connection is lost or `signal` is aborted. @throws ConnectionLostError, DatabaseError */
async function listenOnce(
  settings: ConnectionSettings,
  channels: readonly string[],
  onNotification: (channel: string, payload: string) => void,
  signal: AbortSignal,
  onListening: () => void,
): Promise<void> {
  const connection = await Connection.open(settings, { onNotification });
  try {
    await alive(connection, channels.map((channel) => `listen ${quoteIdentifier(channel)}`).join("; "));
    onListening();
    while (!signal.aborted) {
      await pause(PROBE_EVERY_MS, signal);
      await alive(connection, "select 1");
    }
  } finally {
    if (!connection.lostWith) await connection.end();
  }
}

/** Runs a statement that should take no time; a connection that does not answer it is given up. */
async function alive(connection: Connection, text: string): Promise<void> {
  const timer = setTimeout(
    () => connection.destroy(new ConnectionLostError("the connection fell silent")),
    PROBE_TIMEOUT_MS,
  );
  try {
    await connection.run(text);
  } finally {
    clearTimeout(timer);
  }
}

/** Ends early, without an error, when the signal aborts. */
async function pause(ms: number, signal: AbortSignal): Promise<void> {
  await sleep(ms, undefined, { signal }).catch(() => undefined);
}

/** Together under the four seconds promised above. */
const PROBE_EVERY_MS = 1_500;
const PROBE_TIMEOUT_MS = 2_000;

const RECONNECT_PAUSE: BackOff = { minMs: 100, maxMs: 1_000, jitter: 0.5 };

/** PostgreSQL's limit for identifiers. */
const CHANNEL_BYTES_MAX = 63;

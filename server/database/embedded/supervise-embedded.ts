import { setTimeout as sleep } from "node:timers/promises";
import { EmbeddedError } from "./embedded-error.ts";
import { readPostmaster } from "./postmaster-state.ts";
import { type StartOptions, startEmbedded } from "./start-embedded.ts";

export interface SuperviseOptions extends StartOptions {
  /** Told about a server that died, once it runs again or cannot be started. */
  readonly onDeath: (error: Error) => void;
}

export interface SupervisedEmbedded {
  readonly url: string;
  /** Ends our use of the server, as `EmbeddedServer.release` does, and the watch over it. */
  release(): Promise<void>;
}

/**
 * Starts the embedded server and keeps it running: one that is killed or crashes is started again, on its port, so that
 * connections made afterwards find it. What it had committed is there: it recovers from its log.
 *
 * @throws EmbeddedError as `startEmbedded` does
 */
export async function superviseEmbedded({ onDeath, ...options }: SuperviseOptions): Promise<SupervisedEmbedded> {
  let server = await startEmbedded(options);
  const { url, dataDirectory } = server;
  const released = new AbortController();
  const watching = watch();
  return {
    url,
    async release() {
      released.abort();
      await watching;
      await server.release();
    },
  };

  async function watch(): Promise<void> {
    for (let pauseMs = LOOK_INTERVAL_MS; ; ) {
      await sleep(pauseMs, undefined, { signal: released.signal, ref: false }).catch(() => {});
      if (released.signal.aborted) return;
      try {
        await look();
        pauseMs = LOOK_INTERVAL_MS;
      } catch (error) {
        onDeath(error instanceof Error ? error : new Error(String(error)));
        pauseMs = RETRY_INTERVAL_MS;
      }
    }
  }

  async function look(): Promise<void> {
    if ((await readPostmaster(dataDirectory)).kind === "running") return;
    const dead = server;
    server = await startEmbedded(options);
    // The new use of the server has begun before the old one ends, so that it is never stopped in between.
    await dead.release();
    onDeath(new EmbeddedError("The embedded database had ended without being told to, and was started again."));
  }
}

/** A look is one read of a small file. */
const LOOK_INTERVAL_MS = 250;

/** What keeps a server from starting, a full disk say, is told often enough. */
const RETRY_INTERVAL_MS = 5_000;

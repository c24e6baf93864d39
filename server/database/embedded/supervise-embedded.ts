import { EmbeddedError } from "./embedded-error.ts";
import type { EmbeddedServer } from "./embedded-server.ts";
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
  let isReleased = false;
  let looking: Promise<unknown> = Promise.resolve();

  async function look(): Promise<void> {
    const state = await readPostmaster(dataDirectory);
    if (isReleased || state.kind === "running") return;
    server = await startAgain(server, options);
    onDeath(new EmbeddedError("The embedded database had ended without being told to, and was started again."));
  }

  async function watch(): Promise<void> {
    for (let pauseMs = LOOK_INTERVAL_MS; !isReleased; ) {
      await new Promise((resolve) => setTimeout(resolve, pauseMs).unref());
      const looked = look().then(
        () => LOOK_INTERVAL_MS,
        (error: Error) => {
          onDeath(error);
          return RETRY_INTERVAL_MS;
        },
      );
      looking = looked;
      pauseMs = await looked;
    }
  }

  void watch();
  return {
    url,
    async release() {
      isReleased = true;
      await looking;
      await server.release();
    },
  };
}

/** The new use of the server begins before the old one ends, so that it is never stopped in between. */
async function startAgain(dead: EmbeddedServer, options: StartOptions): Promise<EmbeddedServer> {
  const server = await startEmbedded(options);
  await dead.release();
  return server;
}

/** A look is one read of a small file. */
const LOOK_INTERVAL_MS = 250;

/** What keeps a server from starting, a full disk say, is told often enough. */
const RETRY_INTERVAL_MS = 5_000;

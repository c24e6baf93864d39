import { startChild } from "./child.ts";
import type { Store } from "./store.ts";
import { type Usage, usageOf } from "./usage.ts";

export interface StartServer {
  /** A file under bench, for example "servers/shop.ts". It ends in a call of `serve`. */
  readonly entry: string;
  readonly store: Store;
  /** On top of what every server gets: where the store is, a free port, the secret. */
  readonly env?: Readonly<Record<string, string>>;
}

/** A server under test, in a process of its own. */
export interface ServerProcess {
  /** For example http://127.0.0.1:41234. */
  readonly url: string;
  readonly pid: number;
  /** Lets the server know every buyer's session, as it would after the first minute of a sale. */
  warm(): Promise<void>;
  /** CPU and memory of it and of all that it started; undefined where the system does not tell. */
  usage(): Promise<Usage | undefined>;
}

/** What `serve` answers. */
export type ServerMethods = { url(): string; warm(): Promise<void> };

export async function startServerProcess(
  { entry, store, env = {} }: StartServer,
  { secret, dataDir, onEnd }: { secret: string; dataDir: string; onEnd: (stop: () => Promise<void>) => void },
): Promise<ServerProcess> {
  const child = await startChild<ServerMethods>({
    file: entry,
    env: {
      NODE_ENV: "development",
      LOG_LEVEL: "error",
      HOST: "127.0.0.1",
      PORT: "0",
      // What is sold is dispatched by other processes, whose work would be measured with it.
      ROLES: "web",
      DATA_DIR: dataDir,
      AUTH_SECRET: secret,
      ...store.env,
      ...env,
    },
    onEnd,
  });
  return {
    url: await child.call("url"),
    pid: child.pid,
    warm: () => child.call("warm"),
    usage: () => usageOf(child.pid),
  };
}

import type { CalledProcess, Methods } from "../server/processes/called-process.ts";
import type { LoadProcess } from "./load/load-process.ts";
import type { ServerProcess, StartServer } from "./stage/server-process.ts";
import type { Store } from "./stage/store.ts";

/**
 * What a figure works with: stores in a PostgreSQL server of the bench's own, servers and load in processes of their
 * own, folders. Everything that is taken here is given back when the figure is over, whether it succeeded or not, and
 * on Ctrl+C. `open-stage.ts` makes it.
 */
export interface Stage {
  /** How long a round measures. */
  readonly roundMs: number;
  /** How long the load runs before that without being counted. */
  readonly warmUpMs: number;
  /** Rows that P11 stores first. */
  readonly storedAttempts: number;
  /** Signs the buyers' tokens; a server under test gets it as AUTH_SECRET. */
  readonly secret: string;
  /** The process id of PostgreSQL's postmaster, for what it takes of the CPU. */
  readonly postmasterPid: number;
  /** Tells the person who waits. */
  say(sentence: string): void;
  /**
   * A fresh store: migrated, with 20,000 buyers who have money and a token each, and no sale. After the figure
   * `reconcile` has to find it clean.
   */
  makeStore(): Promise<Store>;
  /** Starts one of `bench/servers` or `bench/peers` and returns when it answers. */
  startServer(options: StartServer): Promise<ServerProcess>;
  /** Starts a process that makes load. */
  startLoad(store: Store): Promise<LoadProcess>;
  /** Starts another process of the bench's own, and returns when it is ready. */
  startChild<M extends Methods>(file: string, env?: Readonly<Record<string, string>>): Promise<CalledProcess<M>>;
  /** An empty folder that every user may enter. */
  makeFolder(): Promise<string>;
  /** For whatever else has to be given back. Steps are taken in the opposite order, before `reconcile`. */
  onEnd(step: () => Promise<void>): void;
}

import { sql } from "drizzle-orm";
import type { SaleUpdate } from "../../../shared/sales.ts";
import type { Database } from "../../database/database.ts";
import { channelName, listen } from "../../database/listen.ts";
import { hintsIn, hintTexts } from "./hints.ts";
import { readStates } from "./read-states.ts";
import type { Viewer } from "./sale-feed.ts";
import { type LiveSalesStats, SaleHub, type SaleHubOptions, type Watcher } from "./sale-hub.ts";
import { type WatchOptions, watchSale } from "./watch-sale.ts";

/** What the server's parts know of the live watch; how it works is in `sale-hub.ts`. */
export interface LiveSales {
  /** To be called after the commit of whatever changes a sale or its stock. Never throws, costs next to nothing. */
  changed(saleId: number): void;
  /** See `watchSale`. */
  watch(saleId: number, options?: WatchOptions): Promise<AsyncIterableIterator<SaleUpdate, undefined>>;
  /** See `SaleHub.join`: like `watch`, for whoever writes many streams. */
  join(saleId: number, viewer: Viewer, watcher?: Watcher): Promise<() => void>;
  /** How many watch a sale through this process. */
  viewers(saleId: number): number;
  stats(): LiveSalesStats;
  /** Settles when changes of other processes are heard at once. */
  readonly listening: Promise<void>;
  /** Ends all streams, so that their viewers connect elsewhere. */
  close(): Promise<void>;
}

/**
 * Starts the live watch of one process, with a connection of its own that listens. It does not wait for that connection:
 * until it is made, and whenever it is lost, changes of other processes arrive by the regular read.
 *
 * @throws DatabaseError when the URL cannot be read
 */
export function createLiveSales({ database, databaseUrl, schema, ...options }: LiveSalesOptions): LiveSales {
  const channel = channelName(schema, "sales");
  const self = crypto.randomUUID();
  const hub = new SaleHub({
    read: (saleIds) => readStates(database, saleIds),
    publish: (saleIds) => notify(database, channel, hintTexts(self, saleIds)),
    ...options,
  });
  const listener = listen(
    databaseUrl,
    [channel],
    (_channel, text) => {
      for (const saleId of hintsIn(text, self)) hub.hint(saleId);
    },
    () => hub.lookAgain(),
  );
  return {
    changed: (saleId) => hub.changed(saleId),
    watch: (saleId, watchOptions) => watchSale(hub, saleId, watchOptions),
    join: (saleId, viewer, watcher) => hub.join(saleId, viewer, watcher),
    viewers: (saleId) => hub.viewers(saleId),
    stats: () => hub.stats(),
    listening: listener.ready,
    async close() {
      await hub.close();
      await listener.close();
    },
  };
}

/**
 * In a transaction of its own, because whoever notifies holds a lock of the whole cluster until its commit is on disk.
 * This one does not wait for the disk: a hint that a crash swallows is made up for.
 */
async function notify(database: Database, channel: string, texts: readonly string[]): Promise<void> {
  await database.db.execute(sql`
    select set_config('synchronous_commit', 'off', true), pg_notify(${channel}, hint.text)
    from unnest(${sql.param(texts)}::text[]) as hint (text)
  `);
}

export interface LiveSalesOptions extends Omit<SaleHubOptions, "read" | "publish"> {
  readonly database: Database;
  /** Where to listen: the database itself, not a pooler of transactions. */
  readonly databaseUrl: string;
  readonly schema: string;
}

import { sql } from "drizzle-orm";
import { Coalescer } from "../concurrency/coalescer.ts";
import type { Database } from "../database/database.ts";
import { channelName } from "../database/listen.ts";

/** Tells the workers of every process that there is something to do. */
export interface Waker {
  /** Never throws, costs next to nothing: many calls are one notification. */
  wake(): void;
  close(): Promise<void>;
}

/** Notifies after the commit that made work, in a transaction of its own: whoever notifies locks the whole cluster. */
export function createWaker(
  database: Database,
  { schema, onError }: { schema: string; onError: (error: unknown) => void },
): Waker {
  const channel = tasksChannel(schema);
  const coalescer = new Coalescer<"wake">(
    async () => {
      try {
        // Not worth waiting for the disk: workers look by themselves as well.
        await database.db.execute(sql`select set_config('synchronous_commit', 'off', true), pg_notify(${channel}, '')`);
      } catch (error) {
        onError(error);
      }
    },
    { intervalMs: EVERY_MS },
  );
  return { wake: () => coalescer.mark("wake"), close: () => coalescer.close() };
}

/** The channel on which workers hear that there is something to do. */
export function tasksChannel(schema: string): string {
  return channelName(schema, "tasks");
}

/** Soon enough for a person who watches, and few for the database, however many tasks are made. */
const EVERY_MS = 50;

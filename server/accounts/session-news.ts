import { sql } from "drizzle-orm";
import type { Tx } from "../database/database.ts";
import { channelName, type Listener, listen } from "../database/listen.ts";
import type { Sessions } from "./sessions.ts";

/** Tells every process of this store, when the transaction commits, that sessions of this user have ended. */
export function announceRevocation(schema: string): (tx: Tx, userId: string) => Promise<void> {
  const channel = channelName(schema, "sessions");
  return async (tx, userId) => {
    await tx.execute(sql`select pg_notify(${channel}, ${userId})`);
  };
}

/** Hears what other processes announce. After every gap in the connection, everything is forgotten. */
export function followRevocations(options: { url: string; schema: string; sessions: Sessions }): Listener {
  const { url, schema, sessions } = options;
  return listen(
    url,
    [channelName(schema, "sessions")],
    (_channel, userId) => sessions.forgetUser(userId),
    () => sessions.forgetAll(),
  );
}

import { sql } from "drizzle-orm";
import type { Tx } from "../../database/database.ts";
import { channelName } from "../../database/listen.ts";
import { hintTexts } from "./hints.ts";

/**
 * Tells the live watch of all processes that a sale has changed, when and only when the transaction commits. For processes
 * without a live watch of their own, and for rare changes: a commit that notifies waits for all others that do
 * (`LiveSales.changed` does it after the commit, for many at once).
 */
export async function announceSale(tx: Tx, schema: string, saleId: number): Promise<void> {
  for (const text of hintTexts(SENDER, [saleId])) {
    await tx.execute(sql`select pg_notify(${channelName(schema, "sales")}, ${text})`);
  }
}

/** Nobody listens under this name, so everybody heeds it. */
const SENDER = "worker";

import { sql } from "drizzle-orm";
import type { Tx } from "../../database/database.ts";
import { channelName } from "../../database/listen.ts";

/**
 * Hints travel as the text of notifications: who sends them, then the ids of the sales that have changed. PostgreSQL
 * takes at most 8,000 bytes in one notification, so many sales make several texts.
 */
export function hintTexts(sender: string, saleIds: readonly number[]): string[] {
  const texts: string[] = [];
  for (let start = 0; start < saleIds.length; start += IDS_PER_TEXT) {
    texts.push([sender, ...saleIds.slice(start, start + IDS_PER_TEXT)].join(" "));
  }
  return texts;
}

/** The sales that another process says have changed; none for what this process has sent, or for foreign text. */
export function hintsIn(text: string, self: string): number[] {
  const [sender, ...ids] = text.split(" ");
  if (sender === self) return [];
  return ids.map(Number).filter((id) => Number.isSafeInteger(id) && id > 0);
}

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

/** An id has at most 16 digits. */
const IDS_PER_TEXT = 400;

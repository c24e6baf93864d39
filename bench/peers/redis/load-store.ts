import { eq } from "drizzle-orm";
import { items, sales, users, wallets } from "../../../drizzle/schema/index.ts";
import type { Database } from "../../../server/database/database.ts";
import type { RedisClient } from "./redis-client.ts";
import { itemKey, walletKey } from "./redis-purchaser.ts";

/** Copies what a purchase needs from a store into Redis: every item with its sale's times, every wallet. */
export async function loadStore(database: Database, client: RedisClient): Promise<void> {
  const offers = await database.db.select().from(items).innerJoin(sales, eq(sales.id, items.saleId));
  const owners = await database.db.select().from(wallets).innerJoin(users, eq(users.id, wallets.userId));
  await Promise.all([
    ...offers.map(({ items: item, sales: sale }) =>
      client.call(
        ...["HSET", itemKey(item.id), "price", String(item.priceCents), "remaining", String(item.remaining)],
        ...["limit", String(item.limitPerCustomer ?? ""), "position", String(item.lastPosition)],
        ...["starts", ms(sale.startsAt), "ends", ms(sale.endsAt)],
        ...["paused", ms(sale.pausedAt), "cancelled", ms(sale.cancelledAt)],
      ),
    ),
    ...owners.map(({ wallets: wallet, users: user }) =>
      client.call(
        ...["HSET", walletKey(wallet.userId)],
        ...["active", user.active ? "1" : "0", "balance", String(wallet.balanceCents)],
      ),
    ),
  ]);
}

function ms(time: string | null): string {
  return time === null ? "" : String(Date.parse(time));
}

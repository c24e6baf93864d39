import { and, eq } from "drizzle-orm";
import { purchaseAttempts } from "../../drizzle/schema/index.ts";
import type { PurchaseResult } from "../../shared/purchases.ts";
import type { Database } from "../database/database.ts";
import { storedKey, storedResult } from "./stored.ts";

/** What the buyer's request with this key was answered, with `replayed: true`; null when none was ever decided. */
export async function byKey(
  database: Database,
  userId: string,
  idempotencyKey: string,
): Promise<PurchaseResult | null> {
  const [row] = await database.db
    .select()
    .from(purchaseAttempts)
    .where(
      and(
        eq(purchaseAttempts.userId, userId),
        eq(purchaseAttempts.idempotencyKey, storedKey({ userId, idempotencyKey })),
      ),
    );
  return row ? { ...storedResult(row), replayed: true } : null;
}

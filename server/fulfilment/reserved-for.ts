import { eq } from "drizzle-orm";
import { purchaseAttempts } from "../../drizzle/schema/index.ts";
import { uuidSchema } from "../../shared/primitives.ts";
import type { Tx } from "../database/database.ts";

/** Whose task an id is or will be: what is sold or received gets its task under an id of its own. */
export async function reservedFor(tx: Tx, taskId: string): Promise<string | undefined> {
  if (taskId.startsWith("order-")) return "the dispatch of an order";
  if (taskId.startsWith("receipt-")) return "goods in";
  const uuid = uuidSchema.safeParse(taskId);
  if (!uuid.success) return undefined;
  const [purchase] = await tx
    .select({ id: purchaseAttempts.id })
    .from(purchaseAttempts)
    .where(eq(purchaseAttempts.id, uuid.data));
  return purchase && "the dispatch of a purchase";
}

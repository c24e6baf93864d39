import { eq } from "drizzle-orm";
import { z } from "zod";
import { warehouses } from "../../../drizzle/schema/index.ts";
import type { Tx } from "../../database/database.ts";
import { invalidInput } from "../../http/faults.ts";

/** @throws Fault INVALID_INPUT where another warehouse has that name; of two at once the unique index refuses the second */
export async function checkNameIsFree(tx: Tx, name: string): Promise<void> {
  const [taken] = await tx.select({ id: warehouses.id }).from(warehouses).where(eq(warehouses.name, name));
  if (!taken) return;
  const message = "Another warehouse has this name";
  throw invalidInput(new z.ZodError([{ code: "custom", path: ["name"], message, input: name }]));
}

import { and, eq } from "drizzle-orm";
import { saleAdmissions } from "../../../drizzle/schema/index.ts";
import type { Database } from "../../database/database.ts";

/** Whether a buyer has entered a code of a sale. */
export async function isAdmitted({ db }: Database, userId: string, saleId: number): Promise<{ isAdmitted: boolean }> {
  const [admission] = await db
    .select({ saleId: saleAdmissions.saleId })
    .from(saleAdmissions)
    .where(and(eq(saleAdmissions.userId, userId), eq(saleAdmissions.saleId, saleId)));
  return { isAdmitted: admission !== undefined };
}

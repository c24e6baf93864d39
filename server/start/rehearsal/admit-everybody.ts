import { eq, sql } from "drizzle-orm";
import { accessCodes, saleAdmissions } from "../../../drizzle/schema/index.ts";
import type { Tx } from "../../database/database.ts";

/**
 * Lets everybody of a rehearsal's store into its sale by one code, as if all had entered it before the doors open: each
 * purchase looks for that, as it will in the sale itself.
 */
export async function admitEverybody(tx: Tx, { saleId, now }: { saleId: number; now: string }): Promise<void> {
  const [code] = await tx
    .insert(accessCodes)
    .values({ saleId, code: "REHEARSAL", createdAt: now })
    .returning({ id: accessCodes.id });
  if (!code) throw new Error("the database answered no id for the code of a rehearsal");
  const admitted = await tx.execute<{ count: number }>(sql`
    with admitted as (
      insert into ${saleAdmissions} (user_id, sale_id, code_id, admitted_at)
      select id, ${saleId}::bigint, ${code.id}::bigint, ${now}::timestamptz
      from users
      returning 1
    )
    select count(*)::int as count from admitted
  `);
  await tx
    .update(accessCodes)
    .set({ uses: admitted[0]?.count ?? 0 })
    .where(eq(accessCodes.id, code.id));
}

import { sql } from "drizzle-orm";
import type { Database } from "../database/database.ts";

/** The sale that runs now, the one that started last first; else the next to start; else the one that started last. */
export async function currentSale({ db }: Pick<Database, "db">): Promise<{ saleId: number | null }> {
  const [found] = await db.execute<{ saleId: number | null }>(sql`
    select coalesce(
      (
        select id from sales
        where starts_at <= statement_timestamp() and ends_at > statement_timestamp() and cancelled_at is null
        order by starts_at desc, id desc
        limit 1
      ),
      (
        select id from sales
        where starts_at > statement_timestamp() and cancelled_at is null
        order by starts_at, id
        limit 1
      ),
      (select id from sales where starts_at <= statement_timestamp() order by starts_at desc, id desc limit 1),
      (select id from sales order by starts_at, id limit 1)
    ) as "saleId"
  `);
  return { saleId: found?.saleId ?? null };
}
